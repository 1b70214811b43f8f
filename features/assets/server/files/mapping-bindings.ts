import { message, type Message } from "@doppelwerk/messages";
import { parseIdShortPath, warning, type Finding, type Submodel } from "@doppelwerk/aas";
import { readMappingConfiguration, type ElementPlace } from "@doppelwerk/connectors/interfaces";
import {
  elementAtPath,
  recordOfAasId,
  type Change,
  type ConnectionRecord,
  type Json,
  type RecordReader,
  type WorldView,
} from "@doppelwerk/world";
import { applyOnNewest } from "@doppelwerk/kit/until-written";
import { signalsOfProperties } from "./described-connections.ts";
import type {} from "../../message-codes.ts";

/** Protocols that are asked, with the setting that says how often. */
const ASKED: readonly ConnectionRecord["protocol"][] = ["http", "modbus", "s7"];

/**
 * Binds elements to the signals that mapping configurations (IDTA 02027) say they show, in one revision. The submodels must be in the world. What cannot
 * be bound is a finding; an element that shows another signal already is left as it is. Also sets how often a connection asks, where nobody said so.
 */
export async function bindMappings(view: WorldView, submodels: readonly Submodel[]): Promise<readonly Finding[]> {
  let findings: readonly Finding[] = [];
  await applyOnNewest(view, message("changes.logMappingBound"), (reader) => {
    const bound = boundBy(reader, submodels);
    findings = bound.findings;
    return bound.changes;
  });
  return findings;
}

function boundBy(
  reader: RecordReader,
  submodels: readonly Submodel[],
): { readonly changes: readonly Change[]; readonly findings: readonly Finding[] } {
  const signalOf = signalsOfProperties(reader);
  const findings: Finding[] = [];
  const changes = new Map<string, Change>();
  const intervals = new Map<string, number>();
  for (const submodel of submodels) {
    const { mappings, findings: own } = readMappingConfiguration(submodel);
    findings.push(...own);
    for (const { source, sink, pollingS } of mappings) {
      const warn = (reason: Message): void => void findings.push(warning(`${sink.submodel} ${sink.path}`, "mapping", reason));
      const signal = signalOf(source.submodel, source.path);
      if (signal === undefined) {
        warn(message("assets.mappingNoSignal", { path: source.path, submodel: source.submodel }));
        continue;
      }
      const id = elementOf(reader, sink);
      const element = id === undefined ? undefined : reader.get(id);
      if (element === undefined) {
        warn(message("assets.mappingNoElement"));
        continue;
      }
      if (element["modelType"] !== "Property") {
        warn(message("assets.mappingNoProperty", { class: String(element["modelType"]) }));
        continue;
      }
      const bound = element["signal"];
      if (bound !== undefined && bound !== signal.id) {
        warn(message("assets.mappingOtherSignal"));
        continue;
      }
      if (bound === undefined)
        changes.set(element.id, { op: "update", id: element.id, fields: { signal: { from: undefined, to: signal.id } } });
      // one signal may be shown in many places; it names the first
      if (signal.element === undefined && !changes.has(signal.id))
        changes.set(signal.id, { op: "update", id: signal.id, fields: { element: { from: undefined, to: element.id } } });
      const { connection } = signal;
      if (pollingS !== undefined && connection !== undefined)
        intervals.set(connection, Math.min(pollingS, intervals.get(connection) ?? Number.POSITIVE_INFINITY));
    }
  }
  for (const [id, intervalS] of intervals) {
    const connection = reader.get(id) as ConnectionRecord | undefined;
    if (connection === undefined || !ASKED.includes(connection.protocol) || connection.settings?.["intervalS"] !== undefined) continue;
    const settings: Json = { ...connection.settings, intervalS };
    changes.set(id, { op: "update", id, fields: { settings: { from: connection.settings, to: settings } } });
  }
  return { changes: [...changes.values()], findings };
}

function elementOf(reader: RecordReader, { submodel, path }: ElementPlace): string | undefined {
  const record = recordOfAasId(reader, "submodel", submodel);
  const segments = parseIdShortPath(path);
  if (record === undefined || "severity" in segments) return undefined;
  return elementAtPath(reader, record.id, segments)?.id;
}
