import type { FeatureContext, PlantView } from "@doppelwerk/kit/server";
import { mappingAt, type MappingVersion, type StationDefinition } from "@doppelwerk/operations";
import { LIVE, nameOfValue, type Enumeration, type Instant, type SignalRecord } from "@doppelwerk/world";
import type { RawStateAtStation, RawWord } from "../../contract.ts";
import type { connect } from "../../feature.ts";
import { withAuthors } from "./mapping-authors.ts";
import { wordSignalOf } from "./raw-words.ts";

const CODES_MAX = 500;
const ROWS_MAX = 500;

interface Listed {
  readonly code: string;
  readonly name?: string;
  readonly stations: number;
}

/** Every code that a mapping or the plant itself names at these stations, with at how many of them; numbers first, in their order. */
export function knownCodes(view: PlantView, stations: readonly StationDefinition[]): readonly Listed[] {
  const found = new Map<string, { name: string | undefined; stations: number }>();
  for (const station of stations) {
    const enumeration = enumerationOf(view, station);
    if (enumeration === "hidden") continue;
    const { later = [], ...first } = station.mapping;
    const codes = new Set([
      ...[first, ...later].flatMap(({ words }) => Object.keys(words)),
      ...(enumeration ?? []).map(({ value }) => String(value)),
    ]);
    for (const code of codes) {
      const known = found.get(code);
      found.set(code, { name: known?.name ?? nameOf(enumeration, code), stations: (known?.stations ?? 0) + 1 });
    }
  }
  return [...found]
    .map(([code, { name, stations: count }]): Listed => ({ code, ...(name !== undefined && { name }), stations: count }))
    .toSorted((a, b) => byCode(a.code, b.code))
    .slice(0, CODES_MAX);
}

/** What a code means at each station that has it: in its mapping, in the names of the plant, or in its record. */
export async function meaningsOf(
  ctx: Pick<FeatureContext<typeof connect>, "nameOf" | "now">,
  view: PlantView,
  stations: readonly StationDefinition[],
  code: string,
  wordsOf: (station: StationDefinition) => Promise<{ readonly words: readonly RawWord[]; readonly unseen: readonly RawWord[] }>,
): Promise<{ readonly rows: readonly RawStateAtStation[]; readonly more: number }> {
  const at = ctx.now();
  const found = await Promise.all(
    stations.map(async (station): Promise<readonly RawStateAtStation[]> => {
      if (enumerationOf(view, station) === "hidden") return [];
      const { words, unseen } = await wordsOf(station);
      const spoken = [...words, ...unseen];
      const known = new Set(spoken.map(({ word }) => word));
      const silent = Object.entries(mappingAt(station.mapping, at).words).flatMap(([word, meaning]) =>
        known.has(word) ? [] : [{ word, ...meaning, by: "mapping" as const, count: 0, seconds: 0 }],
      );
      const asked = [...spoken, ...silent].filter((each) => isAsked(each, code));
      if (asked.length === 0) return [];
      const { later = [], ...first } = station.mapping;
      const versions: readonly (MappingVersion & { readonly from?: Instant })[] = await withAuthors(ctx, view, station, [first, ...later]);
      return asked.map((each) => {
        const { word, state, cause, by, count, seconds } = each;
        const name = "name" in each ? each.name : undefined;
        const said = by === "mapping" ? saidBy(versions, word, at) : undefined;
        return {
          station: station.id,
          label: station.label,
          code: word,
          ...(name !== undefined && { name }),
          state,
          cause,
          by,
          count,
          seconds,
          ...said,
        };
      });
    }),
  );
  const rows = found.flat();
  return { rows: rows.slice(0, ROWS_MAX), more: Math.max(0, rows.length - ROWS_MAX) };
}

/** Its code; or, where letters were typed, a part of the name that the plant gives it. */
function isAsked({ word, name }: { readonly word: string; readonly name?: string | undefined }, code: string): boolean {
  const asked = code.toLowerCase();
  return word.toLowerCase() === asked || (/\D/.test(asked) && name !== undefined && name.toLowerCase().includes(asked));
}

/** The version that gave a word the meaning it has now: later ones that left it as it was said nothing of it. */
function saidBy<Version extends MappingVersion & { readonly from?: Instant }>(versions: readonly Version[], word: string, at: Instant) {
  let index = versions.findLastIndex(({ from }) => from === undefined || from <= at);
  const meaning = versions[index]?.words[word];
  for (let before = versions[index - 1]?.words[word]; before !== undefined; before = versions[--index - 1]?.words[word])
    if (before.state !== meaning?.state || before.cause !== meaning.cause) break;
  const said = versions[index];
  if (said === undefined) return {};
  const { version, from } = said;
  return {
    version,
    ...(from !== undefined && { since: from }),
    ...("written" in said && { written: said.written as RawStateAtStation["written"] }),
  };
}

/** The names that the plant gives to the numbers of a station; those of a signal that one may not read are hidden with it. */
function enumerationOf(view: PlantView, station: StationDefinition): Enumeration | undefined | "hidden" {
  const signal = wordSignalOf(station);
  if (signal === undefined || !view.mayReadSignal(signal)) return "hidden";
  return (view.documents.reader(LIVE).get(signal) as SignalRecord | undefined)?.enumeration;
}

function nameOf(enumeration: Enumeration | undefined, code: string): string | undefined {
  return /^-?\d+$/.test(code) ? nameOfValue(enumeration, Number(code)) : undefined;
}

function byCode(a: string, b: string): number {
  const [x, y] = [Number(a), Number(b)];
  if (Number.isNaN(x) !== Number.isNaN(y)) return Number.isNaN(x) ? 1 : -1;
  return Number.isNaN(x) ? a.localeCompare(b) : x - y;
}
