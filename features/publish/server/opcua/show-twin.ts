import { startOpcuaOut, type OpcuaOutSettings, type OutNode, type OutValue } from "@doppelwerk/connectors/opcua-out";
import type { FeatureContext, LiveTable } from "@doppelwerk/kit/server";
import type { AlarmFold, DerivedValue } from "@doppelwerk/ports";
import type { Role } from "@doppelwerk/trust";
import { LIVE, quality, recordOfAasId, type Principal, type Quality, type RecordId, type SignalRecord } from "@doppelwerk/world";
import { assetPlaces, distinctPaths, movesSignals, placeOfSignal } from "../places/asset-places.ts";
import { beginOfNewest } from "./newest-samples.ts";
import { ShownAlarms } from "./show-alarms.ts";

export interface ShownTwin {
  readonly url: string;
  readonly settings: OpcuaOutSettings;
  close(): Promise<void>;
}

export interface ShowTwinOptions {
  readonly port: number;
  readonly host: string;
  readonly directory: string;
  readonly settings: OpcuaOutSettings;
  /** What derived signals have as their value now. */
  derived(): Promise<readonly DerivedValue[]>;
  fold(): AlarmFold | undefined;
  roleOf(user: string): Role | undefined;
}

const TELL_EVERY_MS = 100;
/** Roles that may read less than an administrator. */
const READING = ["viewer", "operator", "engineer"] as const satisfies readonly Role[];

/** What is shown is what the feature itself may read; who reads it sees what his role may. */
type Plant = Pick<FeatureContext, "own" | "view" | "table" | "world" | "log" | "now">;

/** Shows the signals of live as variables of an OPC UA server, in folders by shell; their history is the historian's. Throws DW_UNAVAILABLE (port). */
export async function showTwin(
  plant: Plant,
  { port, host, directory, settings, derived, fold, roleOf }: ShowTwinOptions,
): Promise<ShownTwin> {
  const { own, log } = plant;
  let stale = true;
  let closed = false;
  let sent = nothingSent(plant);
  const out = await startOpcuaOut({
    port,
    host,
    dataDir: directory,
    world: plant.world.name,
    settings,
    history: (asked) => recordedValues(plant, asked),
    act: (wanted) => alarms.act(wanted),
    onFault: (error) => log.error({ err: error }, "an act on an alarm over OPC UA was not carried out"),
    onAgain() {
      stale = true;
      alarms.again();
    },
    onCrash: (why) => log.error({ why }, "the process of the OPC UA server ended and is started again"),
  });
  const alarms = new ShownAlarms(plant, out, { fold, roleOf, isForAll: (signal) => isForAll(plant, signal) });
  let asking = false;
  /** A state or an alarm has steps only, and may have none for weeks: what stands is sent once. */
  const tellDerived = async (): Promise<void> => {
    if (asking) return;
    asking = true;
    try {
      const values = untoldDerived(await derived(), plant.table, sent.untold);
      if (values.length > 0 && !closed) out.values(values);
    } catch (error) {
      log.warn({ err: error }, "the values of derived signals are not known yet");
    } finally {
      asking = false;
    }
  };
  const tell = (): void => {
    if (stale) {
      stale = false;
      out.nodes(nodesOf(plant));
      sent = nothingSent(plant);
    }
    const values = newValues(plant.table, sent);
    if (values.length > 0) out.values(values);
    if (sent.untold.size > 0) void tellDerived();
    alarms.turn();
  };
  const unfollow = own.documents.onCommit(({ entry }) => {
    if (movesSignals(entry)) stale = true;
  });
  const timer = setInterval(tell, TELL_EVERY_MS);
  tell();
  return {
    url: out.url,
    settings,
    async close() {
      closed = true;
      clearInterval(timer);
      unfollow();
      alarms.close();
      await out.close();
    },
  };
}

/** Whether every role may read a signal. */
function isForAll({ view }: Plant, signal: RecordId): boolean {
  return READING.every((role) => view(inRole(role)).mayReadSignal(signal));
}

function inRole(role: Role): Principal {
  return { id: `opcua:${role}`, name: role, verified: true, roles: [role] };
}

/** What the nodes that are shown were given last, by row of the table. */
interface Sent {
  times: Float64Array;
  qualities: Uint8Array;
  /** Signals that no plant says, and that nothing was told of. */
  readonly untold: Set<RecordId>;
}

function nothingSent({ own }: Plant): Sent {
  const untold = new Set(own.signals().flatMap(({ id, connection }) => (connection === undefined ? [id] : [])));
  return { times: new Float64Array(0), qualities: new Uint8Array(0), untold };
}

/** What changed since it was sent; noted as sent. */
function newValues(table: LiveTable, sent: Sent): readonly OutValue[] {
  if (sent.times.length < table.size) {
    const [times, qualities] = [new Float64Array(table.size).fill(NaN), new Uint8Array(table.size)];
    times.set(sent.times);
    qualities.set(sent.qualities.subarray(0, sent.times.length));
    Object.assign(sent, { times, qualities });
  }
  const { times, qualities } = sent;
  const values: OutValue[] = [];
  for (let row = 0; row < table.size; row++) {
    if (table.qualitySince[row] === 0 || (times[row] === table.sourceTimes[row] && qualities[row] === table.qualities[row])) continue;
    const sample = table.live(table.idOf(row)!);
    if (sample === undefined) continue;
    times[row] = sample.sourceTime;
    qualities[row] = sample.quality;
    values.push({
      id: sample.signal,
      quality: sample.quality,
      sourceTime: sample.sourceTime,
      ...(sample.value === undefined ? {} : { value: sample.value }),
    });
  }
  return values;
}

type Asked = Parameters<Parameters<typeof startOpcuaOut>[0]["history"]>[0];

async function recordedValues({ own, table }: Plant, { id, from, to, limit, newest }: Asked): Promise<OutValue[]> {
  const key = { branch: LIVE, signal: id };
  const begin = newest ? await beginOfNewest(own.history, key, from, to, limit) : from;
  const isBoolean = signalOf(table, id)?.valueType === "boolean";
  const { times, values, texts, qualities } = await own.history.raw(key, begin, to, limit);
  return Array.from(times, (sourceTime, row): OutValue => {
    const worth = qualities[row] as Quality;
    const value = texts.get(row) ?? (Number.isNaN(values[row]!) ? undefined : isBoolean ? values[row] !== 0 : values[row]);
    return { id, quality: worth, sourceTime, ...(value === undefined || worth === quality.bad ? {} : { value }) };
  });
}

function signalOf(table: LiveTable, id: RecordId): SignalRecord | undefined {
  const row = table.indexOf(id);
  return row === undefined ? undefined : table.signals[row];
}

/** Those that nothing was sent of yet; taken out of `untold`. */
function untoldDerived(derived: readonly DerivedValue[], table: LiveTable, untold: Set<RecordId>): readonly OutValue[] {
  const values: OutValue[] = [];
  for (const { signal: id, value, since } of derived) {
    const row = table.indexOf(id);
    if (row === undefined || !untold.delete(id)) continue;
    if (table.qualitySince[row] === 0) values.push({ id, quality: quality.good, sourceTime: since, value });
  }
  return values;
}

function nodesOf({ own, view }: Plant): readonly OutNode[] {
  const reader = own.documents.reader(LIVE);
  const places = assetPlaces(reader);
  // what has no readers of its own is read by every role
  const byRole = READING.map((role) => ({
    role,
    reader: view(inRole(role)).documents.reader(LIVE),
  }));
  const signals = own.signals();
  const paths = distinctPaths(signals.map((signal) => ({ signal, path: placeOfSignal(signal, places, reader) })));
  return signals.map(({ id, valueType, unit, shell }, at): OutNode => {
    const place = paths[at]!;
    const shellId = shell === undefined ? undefined : recordOfAasId(reader, "shell", shell)?.id;
    const readers = byRole.flatMap(({ role, reader: own }) =>
      own.get(id) !== undefined && (shellId === undefined || own.get(shellId) !== undefined) ? [role] : [],
    );
    return {
      id,
      folders: place.slice(0, -1),
      name: place.at(-1)!,
      valueType,
      ...(unit === undefined ? {} : { unit }),
      ...(readers.length === READING.length ? {} : { readers }),
    };
  });
}
