import * as z from 'zod';

/** A schema of a discovery document: JSON Schema's third draft, as far as Google uses it. */
export const ApiSchema = z.object({
  $ref: z.string().optional(),
  type: z.string().optional(),
  format: z.string().optional(),
  description: z.string().optional(),
  readOnly: z.boolean().optional(),
  enum: z.array(z.string()).optional(),
  get items() {
    return ApiSchema.optional();
  },
  get properties() {
    return z.record(z.string(), ApiSchema).optional();
  },
  get additionalProperties() {
    return ApiSchema.optional();
  },
});
export type ApiSchema = z.infer<typeof ApiSchema>;

const Method = z.object({
  httpMethod: z.string(),
  flatPath: z.string().optional(),
  path: z.string(),
  response: z.object({ $ref: z.string() }).optional(),
});

export const DiscoveryDocument = z.object({
  revision: z.string(),
  schemas: z.record(z.string(), ApiSchema),
  resources: z.record(z.string(), z.object({ methods: z.record(z.string(), Method) })),
});
export type DiscoveryDocument = z.infer<typeof DiscoveryDocument>;
