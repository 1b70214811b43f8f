import { Button } from "@mantine/core";
import { IconArrowBackUp } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { ReadingVersion } from "@doppelwerk/client";
import { Card, DataTable, messageText, momentText, useWords, type Column } from "@doppelwerk/kit/studio";
import { changedWords } from "./mapping-draft.ts";

const MAX_WORDS = 12;

/** Every version of the mapping: from when it holds, and what it changed. */
export function MappingVersions({
  versions,
  onUndo,
}: {
  readonly versions: readonly ReadingVersion[];
  readonly onUndo: (() => void) | undefined;
}): ReactNode {
  const { t, language, zone } = useWords();
  const changesOf = (version: ReadingVersion): string => {
    const before = versions[versions.indexOf(version) - 1];
    return before === undefined ? "–" : changedWords(before, version).slice(0, MAX_WORDS).join(", ");
  };
  const columns: readonly Column<ReadingVersion>[] = [
    { title: t("connect.states.version"), cell: ({ version }) => version },
    {
      title: t("connect.states.holds"),
      cell: ({ from }) => (from === undefined ? t("connect.states.fromStart") : momentText(from, zone, language)),
    },
    { title: t("connect.states.wordsMapped"), isNumber: true, cell: ({ words }) => Object.keys(words).length },
    { title: t("connect.states.differs"), cell: changesOf },
    { title: t("connect.states.writtenBy"), cell: ({ written }) => written?.name ?? "–" },
    { title: t("connect.states.writtenAt"), cell: ({ written }) => (written === undefined ? "–" : momentText(written.at, zone, language)) },
    {
      title: t("connect.states.writtenWhy"),
      cell: ({ written }) => (written === undefined ? "–" : messageText(written.reason, written.message)),
    },
  ];
  return (
    <Card title={t("connect.states.versions")} note={t("connect.states.versionsNote")}>
      <DataTable caption={t("connect.states.versions")} columns={columns} rows={versions} keyOf={({ version }) => String(version)} />
      {onUndo !== undefined && (
        <Button size="compact-sm" variant="subtle" leftSection={<IconArrowBackUp size={15} />} onClick={onUndo}>
          {t("connect.states.undoMine")}
        </Button>
      )}
    </Card>
  );
}
