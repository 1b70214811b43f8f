import { Button, UnstyledButton } from "@mantine/core";
import { IconHistory } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import type { DocumentVersion } from "@doppelwerk/client";
import { LIVE } from "@doppelwerk/world";
import {
  Empty,
  Failure,
  Waiting,
  aasOf,
  errorText,
  messageText,
  momentText,
  useLoad,
  useScope,
  useStore,
  useStudio,
  useWords,
} from "@doppelwerk/kit/studio";
import { ifThere, read } from "./aas-access.ts";
import { Differences } from "./differences-table.tsx";
import { putRecorded, recordedName, recordedPath, versionsOfRecorded } from "./recorded.ts";
import type { Recorded, RecordedContent } from "./recorded.ts";

/** RFC 3339 with microseconds: what `$history` is asked with must not fall before the commit. */
function dateOf(at: number): string {
  return `${new Date(Math.floor(at / 1000)).toISOString().slice(0, -1)}${String(Math.floor(at) % 1000).padStart(3, "0")}Z`;
}

/** Every time it was written, what changed then against now, and the way back. */
export function HistoryPanel({ of }: { readonly of: Recorded }): ReactNode {
  const studio = useStudio();
  const { branch } = useScope();
  const { t, language, zone } = useWords();
  const commits = useStore(studio.commits);
  const [chosen, setChosen] = useState<number | undefined>(undefined);
  const versions = useLoad(
    (signal) => versionsOfRecorded(studio.client, of, branch, signal),
    [recordedPath(of), branch],
    undefined,
    commits,
  );
  if (versions.kind === "failed") return <Failure message={versions.message} onRetry={versions.reload} />;
  if (versions.value === undefined) return <Waiting />;
  if (versions.value.length === 0) return <Empty title={t("assets.explorer.noHistory")} text={t("assets.explorer.noHistoryText")} />;
  const all = versions.value;
  return (
    <div className="dw-versions">
      {all.map((version, index) => (
        <section key={version.revision} className={chosen === version.revision ? "is-open" : ""}>
          <UnstyledButton
            className="dw-version-line"
            aria-expanded={chosen === version.revision}
            onClick={() => setChosen(chosen === version.revision ? undefined : version.revision)}
          >
            <IconHistory size={15} />
            <span className="dw-grow">{messageText(version.reason, version.told)}</span>
            {version.branch !== LIVE && <small>{t("assets.explorer.onBranch")}</small>}
            <small>
              {version.name} · {momentText(version.at, zone, language)}
            </small>
          </UnstyledButton>
          {chosen === version.revision && <VersionPanel version={version} newest={index === 0} previous={all[index + 1]} of={of} />}
        </section>
      ))}
    </div>
  );
}

function VersionPanel({
  version,
  previous,
  newest,
  of,
}: {
  readonly version: DocumentVersion;
  readonly previous: DocumentVersion | undefined;
  readonly newest: boolean;
  readonly of: Recorded;
}): ReactNode {
  const studio = useStudio();
  const { branch, time } = useScope();
  const { t, language, zone } = useWords();
  const commits = useStore(studio.commits);
  const at = (date: number, signal?: unknown) =>
    ifThere(
      read<RecordedContent>(
        aasOf(studio, branch),
        `${recordedPath(of)}/$history?extent=withBlobValue&date=${encodeURIComponent(dateOf(date))}`,
        signal,
      ),
    );
  const loaded = useLoad(
    async (signal) => {
      const [written, before, now] = await Promise.all([
        at(version.at, signal),
        previous === undefined ? undefined : at(previous.at, signal),
        ifThere(read<RecordedContent>(aasOf(studio, branch), `${recordedPath(of)}?extent=withBlobValue`, signal)),
      ]);
      return { written, before, now };
    },
    [version.revision, previous?.revision, recordedPath(of), branch],
    undefined,
    commits,
  );
  if (loaded.kind === "failed") return <Failure message={loaded.message} onRetry={loaded.reload} />;
  if (loaded.value === undefined) return <Waiting />;
  const { written, before, now } = loaded.value;
  const restore = async (): Promise<void> => {
    if (written === undefined) return;
    try {
      const api = aasOf(
        studio,
        branch,
        t("assets.explorer.restorationOf", { what: recordedName(of, written), moment: momentText(version.at, zone, language) }),
      );
      await putRecorded(api, of, written);
      studio.notify("good", t("assets.explorer.restored"));
      studio.commits.update((count) => count + 1);
    } catch (error) {
      studio.notify("trouble", t("assets.explorer.notRestored"), errorText(error));
    }
  };
  return (
    <div className="dw-version">
      <Differences title={t("assets.explorer.thenChanged")} before={before} after={written} none={t("assets.explorer.noDifference")} />
      {!newest && <Differences title={t("assets.explorer.sinceThen")} before={written} after={now} none={t("assets.explorer.sameAsNow")} />}
      <div className="dw-log-foot">
        <UnstyledButton className="dw-text-link" onClick={() => time.goTo(version.at)}>
          {t("changes.showInstant")}
        </UnstyledButton>
        {!newest && written !== undefined && (
          <Button size="xs" variant="default" onClick={() => void restore()}>
            {t("assets.explorer.restore")}
          </Button>
        )}
      </div>
    </div>
  );
}
