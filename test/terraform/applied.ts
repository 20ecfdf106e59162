import { openTerraform } from '../../scripts/terraform/terraform.ts';
import { type Module, type Resource, TestLine } from './applied.schema.ts';
import { SCHEMA, TERRAFORM } from './found-terraform.ts';

/** What exists after each run of the tests of `terraform/`, which Google's answers are mocked in, by its name. */
export async function appliedByRun(): Promise<ReadonlyMap<string, readonly Resource[]>> {
  const terraform = await openTerraform(SCHEMA, process.env);
  const { code, stdout } = await terraform.run(TERRAFORM, ['test', '-json', '-verbose']);
  terraform.close();
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => TestLine.parse(JSON.parse(line)));
  if (code !== 0) throw new Error(lines.map((line) => line['@message']).join('\n'));
  return new Map(
    lines.flatMap(({ '@testrun': run, test_state: state }) =>
      run && state ? [[run, resourcesOf(state.root_module)] as const] : [],
    ),
  );
}

function resourcesOf({ resources, child_modules }: Module): readonly Resource[] {
  return [...resources, ...child_modules.flatMap(resourcesOf)];
}
