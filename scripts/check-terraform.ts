/**
 * `node scripts/check-terraform.ts [ROOT]`: holds `terraform/` to the real `terraform`, offline. Where that is
 * not installed the check is skipped, and says so; under `CI=true` that is a failure.
 */
import { join } from 'node:path';
import { rootOf } from './root-of.ts';
import { checkConfiguration } from './terraform/checks.ts';
import { NoTerraformError, openTerraform, type Terraform } from './terraform/terraform.ts';

const folder = join(rootOf(process.argv.slice(2)), 'terraform');

async function openIfThere(): Promise<Terraform | undefined> {
  try {
    return await openTerraform(join(folder, 'provider-schema.json'), process.env);
  } catch (error) {
    if (!(error instanceof NoTerraformError)) throw error;
    process.stdout.write(`terraform: SKIPPED, ${error.message}\n`);
    return undefined;
  }
}

const terraform = await openIfThere();
if (terraform === undefined) {
  process.exitCode = process.env['CI'] === 'true' ? 1 : 0;
} else {
  const checked = await checkConfiguration(folder, terraform);
  terraform.close();
  const faults = checked.filter(({ fault }) => fault !== undefined);
  for (const { title, fault } of faults) process.stdout.write(`terraform ${title}:\n${fault}\n`);
  process.stdout.write(`terraform: ${checked.length} checks, ${faults.length} failed\n`);
  process.exitCode = faults.length === 0 ? 0 : 1;
}
