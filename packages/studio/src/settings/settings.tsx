import { SegmentedControl, TextInput } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import { Card, useStore, useStudio, useWords } from "@doppelwerk/ui";
import type { Preferences } from "@doppelwerk/ui";
import { HistoryCard } from "./history-card.tsx";
import "../connect/connect.css";

/** What this browser remembers, and what it talks to. */
export function Settings(): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const preferences = useStore(studio.preferences);
  const world = useStore(studio.world);
  const [name, setName] = useState(preferences.name);
  const set = (change: Partial<Preferences>): void => studio.preferences.update((held) => ({ ...held, ...change }));
  const rename = (): void => {
    const chosen = name.trim();
    if (chosen === "" || chosen === preferences.name) return;
    set({ name: chosen });
    studio.client.rename(chosen);
    studio.live.rename(chosen);
  };
  return (
    <div className="dw-page dw-settings">
      <Card title={t("settings.you")} note={t("frame.unverified")}>
        <TextInput
          size="sm"
          w={280}
          label={t("frame.nameLabel")}
          value={name}
          maxLength={40}
          onChange={(event) => setName(event.currentTarget.value)}
          onBlur={rename}
          onKeyDown={(event) => event.key === "Enter" && rename()}
        />
        <p className="dw-fine">{t("frame.nameText")}</p>
      </Card>
      <Card title={t("settings.look")}>
        <div className="dw-form">
          <SegmentedControl
            size="sm"
            w="fit-content"
            value={preferences.theme}
            onChange={(theme) => set({ theme: theme as Preferences["theme"] })}
            data={[
              { value: "system", label: t("frame.themeSystem") },
              { value: "light", label: t("frame.themeLight") },
              { value: "dark", label: t("frame.themeDark") },
              { value: "contrast", label: t("frame.themeContrast") },
            ]}
          />
          <SegmentedControl
            size="sm"
            w="fit-content"
            value={preferences.language}
            onChange={(language) => set({ language: language as Preferences["language"] })}
            data={[
              { value: "en", label: "English" },
              { value: "zh", label: "中文" },
            ]}
          />
        </div>
      </Card>
      <HistoryCard />
      <Card title={t("settings.server")}>
        <dl className="dw-facts" style={{ maxWidth: 420 }}>
          <dt>{t("settings.version")}</dt>
          <dd>{world?.version ?? "–"}</dd>
          <dt>{t("settings.revision")}</dt>
          <dd>{world?.revision ?? "–"}</dd>
          <dt>{t("settings.zone")}</dt>
          <dd>{world?.timeZone ?? "–"}</dd>
          <dt>{t("settings.api")}</dt>
          <dd>
            <a href="/openapi.json">/openapi.json</a>
          </dd>
          <dt>AAS</dt>
          <dd>
            <a href="/api/v3/shells">/api/v3/shells</a>
          </dd>
        </dl>
      </Card>
    </div>
  );
}
