import { SegmentedControl } from "@mantine/core";
import type { ReactNode } from "react";
import { Card, useStore, useStudio, useWords } from "@doppelwerk/ui";
import type { Preferences } from "@doppelwerk/ui";

/** Theme and language. */
export default function LookCard(): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const preferences = useStore(studio.preferences);
  const set = (change: Partial<Preferences>): void => studio.preferences.update((held) => ({ ...held, ...change }));
  return (
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
  );
}
