import type { ReactNode } from "react";
import { clockText, Dialog, LoadedPart, momentText, useLoad, useScope, useStudio, useWords } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { CodingVersion, Stop } from "../contract.ts";
import type { ReasonTree } from "./use-reasons.ts";

/** Everything that was said of a stop, the newest first: who, when, from what to what. */
export function HistoryDialog({
  stop,
  reasons,
  onClose,
}: {
  readonly stop: Stop;
  readonly reasons: ReasonTree | undefined;
  readonly onClose: () => void;
}): ReactNode {
  const { client } = useStudio();
  const { branch } = useScope();
  const { t, language, zone } = useWords();
  const id = stop.coding!.id;
  const loaded = useLoad((signal) => calls.history(client, { params: { id }, query: { branch } }, { signal }), [id, branch]);
  return (
    <Dialog
      opened
      onClose={onClose}
      title={t("losses.historyOf", { station: stop.station, clock: clockText(stop.from, zone) })}
      centered
      size={560}
    >
      <LoadedPart loaded={loaded}>
        {(versions) => (
          <ol className="dw-stop-history">
            {versions.map((version, at) => (
              <li key={version.at}>
                <b>{version.by}</b> <small>{momentText(version.at, zone, language)}</small>
                <p>
                  <del>{versionText(versions[at + 1], reasons, { t, zone })}</del> → {versionText(version, reasons, { t, zone })}
                </p>
              </li>
            ))}
          </ol>
        )}
      </LoadedPart>
    </Dialog>
  );
}

type Words = Pick<ReturnType<typeof useWords>, "t" | "zone">;

/** `06:10:00–06:24:30 Jam, then from 06:20:00 Mechanical fault`. */
function versionText(version: CodingVersion | undefined, reasons: ReasonTree | undefined, { t, zone }: Words): string {
  if (version === undefined || version.parts.length === 0) return t("losses.asRecorded");
  const titleOf = (reason: string | undefined): string =>
    reason === undefined ? t("losses.noReasonGiven") : (reasons?.title(reason) ?? reason);
  const spans = version.parts.map(({ from, reason }, at) => {
    const to = version.parts[at + 1]?.from ?? version.to;
    return t("losses.spanOf", { from: clockText(from, zone), to: clockText(to, zone), reason: titleOf(reason) });
  });
  return spans.join(" · ");
}
