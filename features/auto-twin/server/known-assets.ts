import type { KnownAsset } from "@doppelwerk/operations";
import {
  quality,
  recordOfAasId,
  type ConnectionRecord,
  type ElementRecord,
  type RecordReader,
  type Sample,
  type ShellRecord,
  type SignalRecord,
} from "@doppelwerk/world";
import { standsIn } from "@doppelwerk/operations";

const COUNTS: ReadonlySet<string> = new Set(["Total", "Good", "Reject"]);

/** Shells of live that values of other connections belong to, with what tells whether a machine of this one is the same. */
export function knownAssets(reader: RecordReader, connection: string, live: (signal: string) => Sample | undefined): readonly KnownAsset[] {
  const names = new Map((reader.query({ kind: "connection" }) as readonly ConnectionRecord[]).map(({ id, name }) => [id, name]));
  const ofShell = new Map<string, SignalRecord[]>();
  for (const signal of reader.query({ kind: "signal" }) as readonly SignalRecord[]) {
    if (signal.shell === undefined || signal.connection === undefined || signal.connection === connection) continue;
    const list = ofShell.get(signal.shell);
    if (list === undefined) ofShell.set(signal.shell, [signal]);
    else list.push(signal);
  }
  return [...ofShell].flatMap(([aasId, signals]): KnownAsset[] => {
    const [shell] = reader.query({ kind: "shell", index: { name: "aasId", value: aasId }, limit: 1 }) as readonly ShellRecord[];
    if (shell === undefined) return [];
    const present: Record<string, number> = {};
    for (const { id, role } of signals) {
      const sample = role !== undefined && COUNTS.has(role) ? live(id) : undefined;
      if (sample?.quality === quality.good && typeof sample.value === "number") present[role!] = sample.value;
    }
    // of a place the nameplate is that of what stands there
    const period = standsIn(reader, shell);
    const installed = period && (recordOfAasId(reader, "shell", period.shell) as ShellRecord | undefined);
    const plate = { ...nameplateOf(reader, shell), ...(installed && nameplateOf(reader, installed)) };
    const global = (shell.body["assetInformation"] as { readonly globalAssetId?: unknown } | undefined)?.globalAssetId;
    const uri = plate["URIOfTheProduct"] ?? (typeof global === "string" && /^https?:\/\//.test(global) ? global : undefined);
    const shown = (shell.body["displayName"] ?? []) as unknown as readonly { readonly text: string }[];
    return [
      {
        shell: aasId,
        source: names.get(signals[0]!.connection!) ?? "",
        names: [shell.idShort, ...shown.map(({ text }) => text)].filter((name) => name !== ""),
        roles: [...new Set(signals.flatMap(({ role }) => role ?? []))].toSorted(),
        present,
        ...(plate["SerialNumber"] === undefined ? {} : { serialNumber: plate["SerialNumber"] }),
        ...(plate["ManufacturerName"] === undefined ? {} : { manufacturer: plate["ManufacturerName"] }),
        ...(uri === undefined ? {} : { productInstanceUri: uri }),
      },
    ];
  });
}

const TOLD = ["SerialNumber", "ManufacturerName", "URIOfTheProduct"] as const;

function nameplateOf(reader: RecordReader, shell: ShellRecord): Partial<Record<(typeof TOLD)[number], string>> {
  const found: Partial<Record<(typeof TOLD)[number], string>> = {};
  for (const aasId of shell.submodels) {
    const [submodel] = reader.query({ kind: "submodel", index: { name: "aasId", value: aasId }, limit: 1 });
    if (submodel?.["idShort"] !== "Nameplate") continue;
    for (const { idShort, body } of reader.query({
      kind: "element",
      index: { name: "submodel", value: submodel.id },
    }) as readonly ElementRecord[]) {
      const name = TOLD.find((each) => each === idShort);
      const value: unknown = body["value"];
      const text = Array.isArray(value) ? (value[0] as { text?: unknown } | undefined)?.text : value;
      if (name !== undefined && typeof text === "string") found[name] = text;
    }
  }
  return found;
}
