import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HOUR, type Instant } from "@doppelwerk/world";
import { PlantArchive } from "../archive/plant-archive.ts";
import { anchorCalendar, plantShifts } from "../clock/calendar.ts";
import { floorHeader } from "../floor/floor-header.ts";
import { FloorWriter } from "../floor/floor-writer.ts";
import { signalsByName } from "../signals/signal-list.ts";
import { SiteRun } from "../site/site-run.ts";
import { signalsOf } from "../site/site-signals.ts";

const anchor = anchorCalendar(Date.UTC(2026, 10, 24, 15, 17) * 1000);
const shifts = plantShifts(anchor);
const signals = signalsOf({ minimal: false, site: true });
const named = signalsByName(signals);

/** Some shifts of the site, at work in this process: its archive, which knows nothing of the factory, and the file that its programs read. */
export interface MadeSite {
  readonly folder: string;
  readonly floor: string;
  readonly recordFrom: Instant;
  readonly end: Instant;
  /** Texts or numbers of a signal with their times, µs. */
  rows(name: string): readonly { readonly time: Instant; readonly value: number; readonly text: string }[];
}

/** The last `count` shifts before the first day of the demo, to three hours into the first one of that day. */
export function makeSite(count: number): MadeSite {
  const folder = mkdtempSync(join(tmpdir(), "demo-factory-"));
  const first = shifts.findIndex(({ start }) => start >= anchor.anchorDay) - count;
  const recordFrom = shifts[first]!.start;
  const end = anchor.anchorDay + 9 * HOUR;
  const floor = join(folder, "floor.ndjson");
  const archive = new PlantArchive(signals);
  run({ recordFrom, end, archive, floor });
  return {
    folder,
    floor,
    recordFrom,
    end,
    rows(name) {
      const signal = named.get(name)!;
      return Array.from({ length: archive.count(signal.index) }, (_, row) => {
        const value = archive.valueAt(signal.index, row);
        return { time: archive.timeAt(signal.index, row), value, text: signal.type === "String" ? archive.textAt(value) : "" };
      });
    },
  };
}

/** The site at work until `end`; `stepH` is how often what is settled is told. */
export function run(options: {
  readonly recordFrom: Instant;
  readonly end: Instant;
  readonly floor: string;
  readonly archive?: PlantArchive;
  readonly seed?: number;
  readonly stepH?: number;
}): void {
  const { recordFrom, end, seed = 3, archive = new PlantArchive(signals), stepH = 4 } = options;
  const floor = new FloorWriter(options.floor, floorHeader({ seed, anchor, recordFrom }));
  const site = new SiteRun(
    { signals, seed, shifts, anchor, recordFrom, meterFrom: end, floor },
    { write: (signal, time, value) => void archive.append(signal, time, value), textIndex: (text) => archive.textIndex(text) },
  );
  for (let to = recordFrom; to < end; to += stepH * HOUR) {
    site.advanceTo(to, 60);
    floor.flush(Math.floor(site.settled / 1000));
  }
  site.advanceTo(end, 60);
  floor.flush(Math.floor(site.settled / 1000));
}
