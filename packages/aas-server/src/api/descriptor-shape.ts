import { message, type Message } from "@doppelwerk/messages";
import { faultsOf } from "@doppelwerk/kit";
import { error, isLexical, validate, type ClassName, type Finding } from "@doppelwerk/aas";
import { z } from "zod";
import { badRequest } from "./answers.ts";
import { isConstraint, type PlainBody } from "./handling.ts";

// The classes that IDTA-01002 adds to the metamodel for its registries (interfaces-payload, Descriptor), as its OpenAPI has them. Unknown attributes
// are kept.

/** Part 1 instances are judged by its own table: of its findings the first that is no mere constraint, else the first. */
function part1(of: ClassName) {
  return z.unknown().superRefine((json, context) => {
    const errors = validate(json, of).filter(({ severity }) => severity === "error");
    const found = errors.find((error) => !isConstraint(error)) ?? errors[0];
    if (found !== undefined) context.addIssue(issueOf(found));
  });
}

function issueOf(finding: Finding) {
  return { code: "custom", message: `${finding.message} [${finding.constraint}]`, params: { finding } } as const;
}

const identifier = z
  .string()
  .min(1)
  .max(2048)
  .superRefine((text, context) => {
    if (!isLexical(text, "xs:string")) context.addIssue(issueOf(error("", "AASd-130", message("aas.textCharactersXml10"))));
  });
const name = z.string().min(1).max(128);
/** The prose asks for a character at least, the OpenAPI does not: clients send such texts empty. */
const freeName = z.string().max(128);
const endpoint = z.looseObject({
  interface: name,
  protocolInformation: z.looseObject({
    href: z.string().min(1).max(2048),
    endpointProtocol: freeName.optional(),
    endpointProtocolVersion: z.array(freeName).optional(),
    subprotocol: freeName.optional(),
    subprotocolBody: z.string().max(2048).optional(),
    subprotocolBodyEncoding: freeName.optional(),
    securityAttributes: z
      .array(z.looseObject({ type: z.enum(["NONE", "RFC_TLSA", "W3C_DID"]), key: z.string(), value: z.string() }))
      .min(1)
      .optional(),
  }),
});
const descriptor = {
  id: identifier,
  idShort: name
    .superRefine((idShort, context) => {
      const found = validate({ modelType: "ConceptDescription", id: "id", idShort }, "ConceptDescription").find(
        ({ path }) => path === "idShort",
      );
      if (found !== undefined) context.addIssue(issueOf({ ...found, path: "" }));
    })
    .optional(),
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
export function descriptorOf<D extends Described>(of: D, { json, told }: PlainBody): DescriptorOf<D> {
  const faults = faultsIn(of, json, told, "");
  if (faults.length > 0) throw badRequest(message("aasServer.bodyNoDescriptor", { of, faults }));
  // The text that came is kept, not what the parser made of it.
  return json as DescriptorOf<D>;
}

/** Descriptors of a bulk request; the message names the items that are wrong. */
export function descriptorsOf<D extends Described>(of: D, { json, told }: PlainBody): readonly DescriptorOf<D>[] {
  if (!Array.isArray(json) || json.length === 0) throw badRequest(message("aasServer.bodyMustArrayDescriptors"));
  const faults = json.flatMap((item, index) => {
    const found = faultsIn(of, item, told, `[${index}].`);
    return found.map((fault) => message("messages.faultAt", { path: `[${index}]`, fault }));
  });
  if (faults.length > 0) throw badRequest(message("aasServer.bodyItemsNoDescriptors", { of, faults: faults.slice(0, 10) }));
  const ids = (json as readonly { readonly id: string }[]).map(({ id }) => id);
  const seen = new Set<string>();
  const double = ids.find((id) => seen.size === seen.add(id).size);
  if (double !== undefined) throw badRequest(message("aasServer.sameIdComesTwice", { double }));
  return json as readonly DescriptorOf<D>[];
}

/** What a descriptor is refused for. Constraints that are merely broken go to `told`, where that is there, with their place after `at`. */
function faultsIn(of: Described, json: unknown, told: Finding[] | undefined, at: string): readonly Message[] {
  const parsed = shapes[of].safeParse(json);
  if (parsed.success) return [];
  const refused: z.core.$ZodIssue[] = [];
  for (const issue of parsed.error.issues) {
    const finding = issue.code === "custom" ? (issue.params?.["finding"] as Finding | undefined) : undefined;
    if (told === undefined || finding === undefined || !isConstraint(finding)) refused.push(issue);
    else told.push({ ...finding, path: placeOf(at, issue.path, finding.path) });
  }
  return faultsOf(refused, json);
}

/** `[0].submodelDescriptors[1].semanticId.keys[0]`, as findings write a place. */
function placeOf(at: string, path: readonly PropertyKey[], below: string): string {
  const place = path.map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`)).join("");
  return `${at}${place.replace(/^\./, "")}${below === "" || below.startsWith("[") ? below : `.${below}`}`;
}
