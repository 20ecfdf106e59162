import { describeShard } from './shard.ts';

describeShard(2, process.env['WORLDS']);
