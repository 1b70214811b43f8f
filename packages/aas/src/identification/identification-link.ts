import { gs1LinkOf, parseGs1Link, type Gs1Link } from "./gs1.ts";
import { parseWebAddress } from "./web-address.ts";
import { parseHandle, spellingsOfHandle, type Handle } from "./handle.ts";

/** What is on an asset: the code that somebody scanned, read. */
export type IdentificationLink =
  | { readonly kind: "gs1"; readonly link: string; readonly gs1: Gs1Link }
  | { readonly kind: "handle"; readonly link: string; readonly handle: Handle }
  /** IEC 61406: any address of the web, which is the id of the asset as it stands. */
  | { readonly kind: "link"; readonly link: string };

/** Ids that an asset may have: in one shell all of a list, the first list first. */
export type AssetIdChoice = readonly { readonly name: string; readonly value: string }[];

const LONGEST = 2_000;
const GTIN_NAMES = ["GTIN", "gtin", "Gtin"];
const SERIAL_NAMES = ["serialNumber", "SerialNumber", "21"];

/** Undefined for what identifies nothing. */
export function parseIdentification(text: string): IdentificationLink | undefined {
  const link = text.trim();
  if (link.length === 0 || link.length > LONGEST) return undefined;
  const gs1 = parseGs1Link(link);
  if (gs1 !== undefined) return { kind: "gs1", link, gs1 };
  const handle = parseHandle(link);
  if (handle !== undefined) return { kind: "handle", link, handle };
  return parseWebAddress(link) === undefined ? undefined : { kind: "link", link };
}

/**
 * What to look for, the same number of ids for each link of a kind with as many qualifiers, whatever is there. `exact` are ids of just this item; `wider`
 * those of its lot or its kind, where only that has a shell.
 */
export function assetIdsOfLink(found: IdentificationLink): {
  readonly exact: readonly AssetIdChoice[];
  readonly wider: readonly AssetIdChoice[];
} {
  if (found.kind === "link") return { exact: [global(found.link)], wider: [] };
  if (found.kind === "handle") return { exact: [global(found.link), ...spellingsOfHandle(found.handle).map(global)], wider: [] };
  const { keys } = found.gs1;
  const exact = [global(found.link), ...idsOfKeys(found.link, keys)];
  const wider: AssetIdChoice[] = [];
  for (let count = keys.length - 1; count > 0; count--)
    wider.push(...idsOfKeys(found.link, keys.slice(0, count) as unknown as Gs1Link["keys"]));
  return { exact, wider };
}

const global = (value: string): AssetIdChoice => [{ name: "globalAssetId", value }];

function idsOfKeys(link: string, keys: Gs1Link["keys"]): readonly AssetIdChoice[] {
  const { origin } = parseWebAddress(link)!;
  const spelled = [...new Set([gs1LinkOf({ keys }), gs1LinkOf({ keys }, origin)])].map(global);
  const [{ ai, value }, ...rest] = keys;
  const serial = rest.find((each) => each.ai === "21");
  if (ai !== "01" || rest.some((each) => each.ai !== "21")) return spelled;
  const named = GTIN_NAMES.flatMap((name) =>
    serial === undefined
      ? [[{ name, value }]]
      : SERIAL_NAMES.map((its) => [
          { name, value },
          { name: its, value: serial.value },
        ]),
  );
  return [...spelled, ...named];
}
