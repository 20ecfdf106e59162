import { describeShard } from './shard.ts';

describeShard(3, process.env['WORLDS']);
