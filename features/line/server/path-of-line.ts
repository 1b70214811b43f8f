import type { LocalText } from "@doppelwerk/operations";
import type { ElementRecord, RecordReader, ShellRecord } from "@doppelwerk/world";

/** Shells that hold others in their HierarchicalStructures, by the global asset id of what they hold. */
export interface Hierarchy {
  readonly shells: readonly ShellRecord[];
  readonly parentOf: ReadonlyMap<string, ShellRecord>;
}

export function readHierarchy(reader: RecordReader): Hierarchy {
  const shells = reader.query({ kind: "shell" }) as readonly ShellRecord[];
  const parentOf = new Map<string, ShellRecord>();
  for (const shell of shells) {
    for (const aasId of shell.submodels) {
      const [submodel] = reader.query({ kind: "submodel", index: { name: "aasId", value: aasId } });
      if (submodel?.["idShort"] !== "HierarchicalStructures") continue;
      for (const element of reader.query({
        kind: "element",
        index: { name: "submodel", value: submodel.id },
      }) as readonly ElementRecord[]) {
        const child = element.body["globalAssetId"];
        if (typeof child === "string" && child !== globalAssetIdOf(shell)) parentOf.set(child, shell);
      }
    }
  }
  return { shells, parentOf };
}

/** Shells that hold the line, outermost first, then the line. */
export function pathOf({ shells, parentOf }: Hierarchy, line: { readonly shell: string; readonly title: LocalText }): readonly LocalText[] {
  const path: LocalText[] = [line.title];
  let current = shells.find(({ aasId }) => aasId === line.shell);
  for (let depth = 0; depth < 8 && current; depth++) {
    current = parentOf.get(globalAssetIdOf(current) ?? "");
    if (current) path.unshift(titleOf(current));
  }
  return path;
}

function globalAssetIdOf(shell: ShellRecord): string | undefined {
  const information = shell.body["assetInformation"] as { readonly globalAssetId?: string } | undefined;
  return information?.globalAssetId;
}

/** In English and Chinese; where a shell has neither, its first name in whatever language, then its idShort. */
function titleOf(shell: ShellRecord): LocalText {
  const names = (shell.body["displayName"] ?? []) as readonly { readonly language: string; readonly text: string }[];
  const of = (language: string) => names.find((name) => name.language.startsWith(language))?.text;
  const en = of("en") ?? names[0]?.text ?? shell.idShort;
  return { en, zh: of("zh") ?? en };
}
