import type { Trend } from "@doppelwerk/client";
import { zoneFieldText } from "@doppelwerk/world";
import { toLocal } from "../time/zone.ts";
import type { Zone } from "../time/zone.ts";
import { csvField } from "../values/csv-field.ts";
import { unitText } from "../values/number.ts";

/** Whose trend a file is of, and the zone of its local time. */
export interface TrendFileAbout {
  /** With its station. */
  readonly name: string;
  readonly unit: string | undefined;
  readonly zone: Zone;
}

/** Rows of a trend for a spreadsheet, in UTC and, with `about`, in local time with name and unit in the head; empty cells where nothing was recorded. */
export function trendCsv(trend: Trend, about?: TrendFileAbout): string {
  const unit = unitText(about?.unit);
  const titled = (word: string): string => csvField(`${about?.name} ${word}${unit === "" ? "" : ` [${unit}]`}`);
  const head =
    about === undefined
      ? ["time", "mean", "min", "max", "quality"]
      : ["time (UTC)", csvField(`time (${zoneFieldText(about.zone.name)})`), ...["mean", "min", "max"].map(titled), "quality"];
  const rows = trend.mean.map((mean, index) => {
    const instant = trend.from + index * trend.width;
    const utc = new Date(instant / 1000).toISOString();
    const local = about && new Date(toLocal(about.zone, instant) / 1000).toISOString().slice(0, 23).replace("T", " ");
    const values = [mean ?? "", trend.min[index] ?? "", trend.max[index] ?? "", ["good", "uncertain", "bad"][trend.quality[index] ?? 0]];
    return [utc, ...(local === undefined ? [] : [local]), ...values].join(",");
  });
  return [head.join(","), ...rows].join("\n");
}
