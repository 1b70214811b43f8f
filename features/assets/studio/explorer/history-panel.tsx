import { UnstyledButton } from "@mantine/core";
import { IconHistory } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import { LIVE } from "@doppelwerk/world";
import { Empty, Failure, Waiting, messageText, momentText, useLoad, useScope, useStore, useStudio, useWords } from "@doppelwerk/kit/studio";
import { versionsOf } from "./recorded.ts";
import type { Recorded } from "./recorded.ts";
import { VersionPanel } from "./version-panel.tsx";

/** Every time it was written, what changed then against now, and the way back. */
export function HistoryPanel({ of }: { readonly of: Recorded }): ReactNode {
  const studio = useStudio();
  const { branch } = useScope();
  const { t, language, zone } = useWords();
  const commits = useStore(studio.commits);
  const [chosen, setChosen] = useState<number | undefined>(undefined);
  const versions = useLoad(versionsOf(of, branch), { again: commits });
  if (versions.kind === "failed") return <Failure message={versions.message} code={versions.code} onRetry={versions.reload} />;
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
