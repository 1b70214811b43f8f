import { message, type Message } from "@doppelwerk/messages";
import type { DescribedLine } from "@doppelwerk/ports";
import type {} from "../message-codes.ts";

/** What a line is called in its world, by the AAS id of its shell, and its place in the order of lines. */
export interface LineIdentity {
  readonly id: string;
  readonly rank: number;
  /** Names of stations that have another one than the documents give. */
  readonly stations: ReadonlyMap<string, string>;
  /** Stations of which an earlier line is the owner: id here → id of that line. */
  readonly shared: ReadonlyMap<string, string>;
}
export type LineIdentities = ReadonlyMap<string, LineIdentity>;

/**
 * Ids of lines and stations are unique in a world: states, alarms and parts are kept by them. The line whose shell was created first keeps what its
 * documents say; a later one whose id is taken gets a number, and its stations whose ids are taken are named with it (docs/decisions/0024).
 */
export function identitiesOf(
  lines: readonly Pick<DescribedLine, "id" | "shell" | "stations">[],
  createdAt: (shell: string) => number,
): LineIdentities {
  const inOrder = lines
    .map((line) => ({ line, created: createdAt(line.shell) }))
    .toSorted((a, b) => a.created - b.created || (a.line.shell < b.line.shell ? -1 : 1));
  const [lineIds, stationIds] = [new Set<string>(), new Set<string>()];
  const ownerOf = new Map<string, string>();
  const identities = new Map<string, LineIdentity>();
  for (const [rank, { line }] of inOrder.entries()) {
    const id = free(lineIds, line.id, (n) => `${line.id}.${n}`);
    const stations = new Map<string, string>();
    const shared = new Map<string, string>();
    // all names that the documents give come first, so that a made one never takes one of them
    const own = new Set(line.stations.map((station) => station.id));
    for (const station of line.stations) {
      const isTaken = stationIds.has(station.id);
      const name = isTaken ? free(new Set([...stationIds, ...own]), `${id}.${station.id}`, (n) => `${id}.${station.id}.${n}`) : station.id;
      stationIds.add(name);
      if (name !== station.id) stations.set(station.id, name);
      const owner = ownerOf.get(station.shell);
      if (owner !== undefined && owner !== id) shared.set(name, owner);
      else ownerOf.set(station.shell, id);
    }
    identities.set(line.shell, { id, rank, stations, shared });
  }
  return identities;
}

function free(taken: Set<string>, wanted: string, numbered: (n: number) => string): string {
  let id = wanted;
  for (let n = 2; taken.has(id); n++) id = numbered(n);
  taken.add(id);
  return id;
}

/** The lines under their ids, in their order; those that the identities do not know are left out. */
export function identifiedLines(lines: readonly DescribedLine[], identities: LineIdentities): readonly DescribedLine[] {
  return lines
    .flatMap((line) => {
      const identity = identities.get(line.shell);
      return identity === undefined ? [] : [{ line, identity }];
    })
    .toSorted((a, b) => a.identity.rank - b.identity.rank)
    .map(({ line, identity: { id, stations } }) => (id === line.id && stations.size === 0 ? line : line.renamed({ id, stations })));
}

/** What could not be read, in the words of what reads it. */
export function findingOfShells(text: DescribedLine["findings"][number]): Message {
  return message("line.finding.ofShells", { text });
}

/** What a person should know of a line: what could not be read of it, and what it shares. */
export function findingsOf(line: DescribedLine, { shared }: Pick<LineIdentity, "shared">): readonly Message[] {
  return [
    ...line.findings.map(findingOfShells),
    ...[...shared].map(([station, owner]) => message("line.finding.sharedStation", { station, line: owner })),
  ];
}
