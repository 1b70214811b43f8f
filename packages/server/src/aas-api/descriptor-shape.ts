import { said } from "@doppelwerk/world";
import { validate, type ClassName } from "@doppelwerk/aas";
import { z } from "zod";
import { badRequest } from "./answers.ts";
import { faultsOf } from "../http/query.ts";

// The classes that IDTA-01002 adds to the metamodel for its registries (interfaces-payload, Descriptor), as its OpenAPI has them. Unknown attributes
// are kept.

/** Part 1 instances are judged by its own table. */
function part1(of: ClassName) {
  return z.unknown().superRefine((json, context) => {
    const found = validate(json, of).find(({ severity }) => severity === "error");
    if (found !== undefined) context.addIssue({ code: "custom", message: `${found.message} [${found.constraint}]` });
  });
}

const identifier = z.string().min(1).max(2048);
const name = z.string().min(1).max(128);
const endpoint = z.looseObject({
  interface: name,
  protocolInformation: z.looseObject({
    href: z.string().min(1).max(2048),
    endpointProtocol: name.optional(),
    endpointProtocolVersion: z.array(name).optional(),
    subprotocol: name.optional(),
    subprotocolBody: z.string().min(1).max(2048).optional(),
    subprotocolBodyEncoding: name.optional(),
    securityAttributes: z
      .array(z.looseObject({ type: z.enum(["NONE", "RFC_TLSA", "W3C_DID"]), key: z.string(), value: z.string() }))
      .min(1)
      .optional(),
  }),
});
const descriptor = {
  id: identifier,
  idShort: name.optional(),
  administration: part1("AdministrativeInformation").optional(),
  description: z.array(part1("LangStringTextType")).optional(),
  displayName: z.array(part1("LangStringNameType")).optional(),
  extensions: z.array(part1("Extension")).min(1).optional(),
};

const submodelDescriptor = z.looseObject({
  ...descriptor,
  endpoints: z.array(endpoint).min(1),
  semanticId: part1("Reference").optional(),
  supplementalSemanticIds: z.array(part1("Reference")).min(1).optional(),
});

const shellDescriptor = z.looseObject({
  ...descriptor,
  assetKind: z.enum(["Instance", "Type", "Role", "Batch", "NotApplicable"]).optional(),
  assetType: identifier.optional(),
  globalAssetId: identifier.optional(),
  specificAssetIds: z.array(part1("SpecificAssetId")).optional(),
  endpoints: z.array(endpoint).min(1).optional(),
  submodelDescriptors: z.array(submodelDescriptor).optional(),
});

export type Endpoint = z.infer<typeof endpoint>;
export type SubmodelDescriptor = z.infer<typeof submodelDescriptor>;
export type ShellDescriptor = z.infer<typeof shellDescriptor>;

const shapes = { shell: shellDescriptor, submodel: submodelDescriptor };
export type Described = keyof typeof shapes;
export type DescriptorOf<D extends Described> = D extends "shell" ? ShellDescriptor : SubmodelDescriptor;

/** A descriptor of a body; one 400 says everything that is wrong with it. */
export function descriptorOf<D extends Described>(of: D, json: unknown): DescriptorOf<D> {
  const parsed = shapes[of].safeParse(json);
  if (!parsed.success) throw badRequest(said`The body is no ${of} descriptor: ${faultsOf(parsed.error)}`);
  // The text that came is kept, not what the parser made of it.
  return json as DescriptorOf<D>;
}

/** Descriptors of a bulk request; the message names the items that are wrong. */
export function descriptorsOf<D extends Described>(of: D, json: unknown): readonly DescriptorOf<D>[] {
  if (!Array.isArray(json) || json.length === 0) throw badRequest(said`The body must be an array of descriptors, at least one.`);
  const faults = json.flatMap((item, index) => {
    const parsed = shapes[of].safeParse(item);
    return parsed.success ? [] : [`[${index}]: ${faultsOf(parsed.error)}`];
  });
  if (faults.length > 0) throw badRequest(faults.slice(0, 10).join(" "));
  const ids = (json as readonly { readonly id: string }[]).map(({ id }) => id);
  const seen = new Set<string>();
  const double = ids.find((id) => seen.size === seen.add(id).size);
  if (double !== undefined) throw badRequest(said`The same id comes twice: ${double}`);
  return json as readonly DescriptorOf<D>[];
}
