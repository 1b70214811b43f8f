import { message, type Message } from "@doppelwerk/messages";
import type { ClassRow } from "../class-table.ts";
import { warning, type Finding } from "../finding.ts";
import type { Environment } from "../metamodel.ts";
import { walk } from "../walk.ts";

type Instance = Readonly<Record<string, unknown>>;
type Tell = (path: string, message: Message) => void;

/** An idShort of 3.0: no hyphens (AASd-002 of that release). */
const HYPHEN = /-/g;

/**
 * The environment as metamodel 3.0 can say it, and a warning for everything that had to be changed or left out:
 * the change notes of IDTA-01001 3.1 and 3.2 backwards. What is the same in both stays the same object.
 */
export function downgrade(environment: Environment): { readonly environment: Environment; readonly findings: readonly Finding[] } {
  const findings: Finding[] = [];
  const tell: Tell = (path, reason) => void findings.push(warning(path, "release", reason));
  const visit = (row: ClassRow, instance: Instance, path: string, inList: boolean) => below(row, instance, path, inList, tell);
  return { environment: (walk("Environment", environment as Instance, visit) ?? {}) as Environment, findings };
}

function below(row: ClassRow, given: Instance, path: string, inList: boolean, tell: Tell): Instance | undefined {
  const instance = withIdShort(row, given, path, inList, tell);
  switch (row.name) {
    case "AssetInformation":
      return kindOfAsset(instance, path, tell);
    case "AdministrativeInformation":
      return without(instance, ["createdAt", "updatedAt"], path, tell);
    case "Entity":
      return entity(instance, path, tell);
    case "RelationshipElement":
    case "AnnotatedRelationshipElement":
      if (instance.first !== undefined && instance.second !== undefined) return instance;
      tell(path, message("aas.firstAndSecondRequiredIn30", { name: row.name }));
      return undefined;
    case "File":
    case "Blob":
      if (instance.contentType !== undefined) return instance;
      tell(path, message("aas.contentTypeRequiredIn30", { name: row.name }));
      return { ...instance, contentType: "application/octet-stream" };
    case "ValueReferencePair":
      if (instance.valueId !== undefined) return instance;
      tell(path, message("aas.valueIdRequiredIn30"));
      return { ...instance, valueId: { type: "ExternalReference", keys: [{ type: "GlobalReference", value: instance.value }] } };
    case "Key":
      return key(instance, path, tell);
    default:
      return instance;
  }
}

function withIdShort(row: ClassRow, instance: Instance, path: string, inList: boolean, tell: Tell): Instance {
  const { idShort } = instance;
  if (typeof idShort !== "string" || !row.byName.has("idShort")) return instance;
  if (inList) {
    tell(path, message("aas.noIdShortInListIn30", { idShort: JSON.stringify(idShort) }));
    return without(instance, ["idShort"], path);
  }
  if (!idShort.includes("-")) return instance;
  const renamed = idShort.replace(HYPHEN, "_");
  tell(path, message("aas.noHyphenIn30", { idShort: JSON.stringify(idShort), renamed: JSON.stringify(renamed) }));
  return { ...instance, idShort: renamed };
}

/** Keys below an identifiable are idShorts: they follow the elements they name. */
function key(instance: Instance, path: string, tell: Tell): Instance {
  const value = instance.value as string;
  const isIdShort = ![
    "GlobalReference",
    "FragmentReference",
    "AssetAdministrationShell",
    "Submodel",
    "ConceptDescription",
    "Identifiable",
  ].includes(String(instance.type));
  if (!isIdShort || !/^[a-zA-Z][a-zA-Z0-9_-]*$/.test(value) || !value.includes("-")) return instance;
  tell(path, message("aas.keyFollowsIdShortIn30", { value: JSON.stringify(value) }));
  return { ...instance, value: value.replace(HYPHEN, "_") };
}

function kindOfAsset(instance: Instance, path: string, tell: Tell): Instance {
  if (instance.assetKind !== "Role" && instance.assetKind !== "Batch") return instance;
  tell(path, message("aas.assetKindNotIn30", { assetKind: instance.assetKind }));
  return { ...instance, assetKind: "NotApplicable" };
}

function entity(instance: Instance, path: string, tell: Tell): Instance {
  if (instance.entityType !== undefined) return instance;
  const entityType =
    instance.globalAssetId === undefined && instance.specificAssetIds === undefined ? "CoManagedEntity" : "SelfManagedEntity";
  tell(path, message("aas.entityTypeRequiredIn30", { entityType }));
  return { ...instance, entityType };
}

function without(instance: Instance, names: readonly string[], path: string, tell?: Tell): Instance {
  const present = names.filter((name) => instance[name] !== undefined);
  if (present.length === 0) return instance;
  tell?.(path, message("aas.notIn30", { count: present.length, present: present.join(", ") }));
  return Object.fromEntries(Object.entries(instance).filter(([name]) => !present.includes(name)));
}
