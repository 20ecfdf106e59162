/** `node scripts/write-alert-schema.ts`: writes docs/alert.schema.json. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { alertSchema } from './alert-schema.ts';

writeFileSync(fileURLToPath(new URL('../docs/alert.schema.json', import.meta.url)), alertSchema());
