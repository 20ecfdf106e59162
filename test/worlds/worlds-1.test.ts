import { describeShard } from './shard.ts';

describeShard(0, process.env['WORLDS']);
