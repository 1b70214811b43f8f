import type { ReactNode } from "react";
import { DataTable, Dialog, momentText, RowActions, useLoad, useStudio, useWords, type Column } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type {} from "../message-codes.ts";

type Version = Awaited<ReturnType<typeof calls.versions>>[number];

/** Versions of a board, the newest first, each to look at and to make again. */
export function BoardVersions({
  id,
  branch,
  mayEdit,
  onLook,
  onClose,
}: {
  readonly id: string;
  readonly branch: string;
  readonly mayEdit: boolean;
  readonly onLook: (revision: number) => void;
  readonly onClose: () => void;
}): ReactNode {
  const { client } = useStudio();
  const { t, language, zone } = useWords();
  const given = { params: { id }, query: { branch } };
  const loaded = useLoad((signal) => calls.versions(client, given, { signal }), ["boards.versions", id, branch]);
  const columns: readonly Column<Version>[] = [
    { title: t("boards.when"), cell: ({ at }) => momentText(at, zone, language, false) },
    { title: t("boards.by"), cell: ({ by }) => by },
    { title: t("boards.name"), cell: ({ title, tiles }) => `${title} · ${t("boards.tiles", { count: tiles })}` },
    {
      title: "",
      cell: ({ revision }) => (
        <RowActions
          failed={t("boards.restoreFailed")}
          onDone={onClose}
          actions={[
            { label: t("boards.look"), run: () => onLook(revision) },
            mayEdit && { label: t("boards.restore"), run: () => calls.restore(client, { ...given, body: { revision } }) },
          ]}
        />
      ),
    },
  ];
  return (
    <Dialog opened onClose={onClose} title={t("boards.versions")} size={720} centered>
      <DataTable
        caption={t("boards.versions")}
        columns={columns}
        rows={loaded.value ?? []}
        keyOf={({ revision }) => String(revision)}
        loaded={loaded}
      />
    </Dialog>
  );
}
