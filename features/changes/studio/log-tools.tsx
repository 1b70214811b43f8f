import { SegmentedControl, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import { momentText, toLocal, useStudio, useWords } from "@doppelwerk/kit/studio";
import type { Instant } from "@doppelwerk/world";
import { LOG_SPANS, isDay, logSpanDetail, type LogSpan } from "./log-span.ts";

/** Since when the log is listed, as buttons or as a day, and how many entries these are. */
export function LogTools({
  span,
  since,
  count,
  isWhole,
}: {
  readonly span: LogSpan;
  readonly since: Instant | undefined;
  /** Undefined while it is read. */
  readonly count: number | undefined;
  /** Nothing of it is left out. */
  readonly isWhole: boolean;
}): ReactNode {
  const studio = useStudio();
  const { t, language, zone } = useWords();
  const choose = (next: LogSpan): void => studio.address.go({ detail: logSpanDetail(next) });
  const day = (instant: Instant): string => new Date(toLocal(zone, instant) / 1_000).toISOString().slice(0, 10);
  return (
    <div className="dw-log-tools">
      <SegmentedControl
        size="xs"
        aria-label={t("changes.since")}
        data={LOG_SPANS.map((each) => ({ value: each, label: t(`changes.spans.${each}`) }))}
        value={isDay(span) ? "" : span}
        onChange={(value) => choose(value as LogSpan)}
      />
      <TextInput
        size="xs"
        type="date"
        aria-label={t("changes.sinceDay")}
        max={day(studio.now())}
        value={since === undefined ? "" : day(since)}
        onChange={({ currentTarget: { value } }) => choose(isDay(value) ? value : "all")}
      />
      <small role="status">
        {count === undefined
          ? ""
          : since === undefined
            ? t(isWhole ? "changes.countAll" : "changes.countNewest", { count })
            : t(isWhole ? "changes.countSince" : "changes.countNewestSince", { count, moment: momentText(since, zone, language, false) })}
      </small>
    </div>
  );
}
