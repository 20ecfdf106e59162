import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '../scripts/repository.ts';

export const TERRAFORM = join(ROOT, 'terraform');
export const SCHEMA = join(TERRAFORM, 'provider-schema.json');

/** Whether `terraform` is here, for `describeWherePossible`. */
export const foundTerraform: object | string =
  spawnSync('terraform', ['version']).status === 0 ? {} : 'no terraform on the PATH';
