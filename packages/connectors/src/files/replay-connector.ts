import { readFile, stat } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { SampleSource, SourceListener } from "@doppelwerk/world";
import { DraftCollector } from "../discovery/draft-collector.ts";
import type { Connector } from "../host/connector.ts";
import { createReplaySource } from "../replay/index.ts";
import { reasonOf } from "../samples/reason-of.ts";
import { textOf } from "./file-text.ts";
import { columnsOf, proposeRecording, readRecording, type Recording } from "./recording.ts";
import { replaySettings, type ReplaySettings } from "./settings.ts";
import { message } from "@doppelwerk/messages";

/** Plays a file (a table, an event log as CSV or XES, an SHDR log) at any speed; every sample has the origin `replayed`. */
export const replayConnector: Connector = {
  open(connection, signals, options): SampleSource {
    const settings = replaySettings.parse(connection.settings ?? {});
    let inner: SampleSource | undefined;
    let closed = false;
    return {
      name: connection.name,
      async start(listener: SourceListener) {
        listener.notice({ kind: "state", state: "connecting", since: options.clock.now() });
        try {
          const recording = await load(connection.url, settings);
          const shift = settings.shiftToNow ? options.clock.now() - recording.values[0]!.time : 0;
          const { columns, faults } = columnsOf(recording, signals, shift);
          for (const [address, message] of faults) listener.notice({ kind: "finding", message, address });
          if (closed) return;
          inner = createReplaySource(connection.name, columns, {
            clock: options.clock,
            ...(settings.speed === 0 ? {} : { speed: settings.speed }),
          });
          await inner.start(listener);
        } catch (error) {
          listener.notice({ kind: "state", state: "failed", since: options.clock.now(), reason: reasonOf(error) });
        }
      },
      async close() {
        closed = true;
        await inner?.close();
      },
    };
  },
  async discover({ url, settings: raw }) {
    const collector = new DraftCollector(20_000);
    const recording = await load(url, replaySettings.parse(raw ?? {}));
    proposeRecording(recording, collector);
    collector.remark(message("connectors.recordingReadAs", { format: recording.format, count: recording.values.length }));
    return collector.result(url);
  },
};

async function load(url: string, settings: ReplaySettings): Promise<Recording> {
  const path = fileURLToPath(url.replace(/^replay:/, "file:"));
  const { size } = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new Error(`the file cannot be read (${error.code}): ${path}`);
  });
  if (size > settings.maxFileBytes)
    throw new Error(`the file has ${size} bytes, more than ${settings.maxFileBytes} (maxFileBytes): ${path}`);
  return readRecording(textOf(await readFile(path)), settings);
}
