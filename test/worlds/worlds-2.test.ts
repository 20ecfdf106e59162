import { describeShard } from './shard.ts';

describeShard(1, process.env['WORLDS']);
