import type { PlantView } from "@doppelwerk/kit/server";
import type { LineFlow } from "@doppelwerk/ports";
import type { BranchId, Instant } from "@doppelwerk/world";
import type { WorkOrder as ShownOrder } from "../contract.ts";
import { isOver, type WorkOrder } from "../model/work-order.ts";

export interface StationPlace {
  readonly line: string;
  readonly station: string;
  readonly shell: string;
  readonly title: { readonly en: string; readonly zh: string };
}

/** Stations of a branch whose assets the view may read. */
export async function stationsOf(flow: LineFlow, view: PlantView, branch: BranchId): Promise<readonly StationPlace[]> {
  const { lines } = await flow.lines(branch);
  const reader = view.documents.reader(branch);
  return lines
    .flatMap((line) => line.stations.map(({ id, title, shell }) => ({ line: line.id, station: id, shell, title })))
    .filter(({ shell }) => reader.query({ kind: "shell", index: { name: "aasId", value: shell }, limit: 1 }).length > 0);
}

/** A work order as people read it. */
export function shownOrder(
  order: WorkOrder,
  { nameOf, stations, now }: { nameOf(actor: string): string; readonly stations: readonly StationPlace[]; readonly now: Instant },
): ShownOrder {
  const named = <D extends { readonly by: string }>(done: D): D => ({ ...done, by: nameOf(done.by) });
  const { owner, finished, signed, cancelled, startedAt, lastAt: _lastAt, ...rest } = order;
  const place = stations.find(({ shell, station }) => (order.station === undefined ? shell === order.shell : station === order.station));
  return {
    ...rest,
    asset: place?.title ?? { en: order.station ?? order.shell, zh: order.station ?? order.shell },
    isLate: !isOver(order) && order.state !== "finished" && order.due !== undefined && order.due < now,
    openedBy: nameOf(order.openedBy),
    steps: order.steps.map(({ text, needsLockOut, done }) => ({ text, needsLockOut, ...(done && { done: named(done) }) })),
    lockOut: order.lockOut.map(({ text, locked }) => ({ text, ...(locked && { locked: { ...named(locked), byId: locked.by } }) })),
    used: order.used.map(named),
    photos: order.photos.map(named),
    notes: order.notes.map(named),
    ...(startedAt !== undefined && { startedAt }),
    ...(owner !== undefined && { owner: { id: owner, name: nameOf(owner) } }),
    ...(finished && { finished: { ...named(finished), byId: finished.by } }),
    ...(signed && { signed: { by: nameOf(signed.by), at: signed.at } }),
    ...(cancelled && { cancelled: named(cancelled) }),
  };
}
