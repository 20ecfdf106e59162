import * as z from 'zod';

const Resource = z.object({
  address: z.string(),
  type: z.string(),
  values: z.record(z.string(), z.unknown()),
});
export type Resource = z.infer<typeof Resource>;

/** A module as `terraform test -json -verbose` prints it [developer.hashicorp.com/terraform/internals/json-format]. */
export const Module = z.object({
  resources: z.array(Resource).default([]),
  get child_modules() {
    return z.array(Module).default([]);
  },
});
export type Module = z.infer<typeof Module>;

/** One line of what it prints: of a run, what exists after it. */
export const TestLine = z.object({
  type: z.string(),
  '@message': z.string(),
  '@testrun': z.string().optional(),
  test_state: z.object({ root_module: Module }).optional(),
});
export type TestLine = z.infer<typeof TestLine>;
