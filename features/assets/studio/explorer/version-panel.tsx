import { Button, UnstyledButton } from "@mantine/core";
import type { ReactNode } from "react";
import type { DocumentVersion } from "@doppelwerk/client";
import { Failure, Waiting, aasOf, momentText, useScope, useStudio, useWords } from "@doppelwerk/kit/studio";
import { Differences } from "./differences-table.tsx";
import { putRecorded, recordedName } from "./recorded.ts";
import type { Recorded, RecordedContent } from "./recorded.ts";
import { useVersion } from "./use-version.ts";

/** What one commit changed, what was changed since, and the way back. */
export function VersionPanel({
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
  const loaded = useVersion(of, version, previous);
  if (loaded.kind === "failed") return <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} />;
  if (loaded.value === undefined) return <Waiting />;
  const { written, before, now } = loaded.value;
  const restore = async (content: RecordedContent): Promise<void> => {
    try {
      const api = aasOf(
        studio,
        branch,
        t("assets.explorer.restorationOf", { what: recordedName(of, content), moment: momentText(version.at, zone, language) }),
      );
      await putRecorded(api, of, content);
      studio.notify("good", t("assets.explorer.restored"));
      studio.commits.update((count) => count + 1);
    } catch (error) {
      studio.notifyFailure(error, t("assets.explorer.notRestored"));
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
          <Button size="xs" variant="default" onClick={() => void restore(written)}>
            {t("assets.explorer.restore")}
          </Button>
        )}
      </div>
    </div>
  );
}
