import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Terraform } from './terraform.ts';

/** One check, and what terraform says where it fails. */
export interface Checked {
  readonly title: string;
  readonly fault: string | undefined;
}

/** Checks a folder with a root module, its tests, and `examples/`: format, then what each means. */
export async function checkConfiguration(folder: string, terraform: Terraform): Promise<readonly Checked[]> {
  const examples = readdirSync(join(folder, 'examples')).map((name) => join('examples', name));
  const checked = [
    await check('fmt', folder, ['fmt', '-check', '-diff', '-recursive', '-no-color'], terraform),
  ];
  for (const module of ['.', ...examples])
    checked.push(
      await check(`validate ${module}`, join(folder, module), ['validate', '-no-color'], terraform),
    );
  checked.push(await check('test', folder, ['test', '-no-color'], terraform));
  return checked;
}

async function check(
  title: string,
  folder: string,
  args: readonly string[],
  terraform: Terraform,
): Promise<Checked> {
  const { code, stdout, stderr } = await terraform.run(folder, args);
  return { title, fault: code === 0 ? undefined : `${stdout}${stderr}`.trim() };
}
