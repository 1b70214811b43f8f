import { Button } from "@mantine/core";
import { IconDownload, IconUpload } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import {
  answerOf,
  Card,
  DataTable,
  fileName,
  inLanguage,
  saveFile,
  useLoad,
  useStore,
  useStudio,
  useTask,
  useWords,
  type Column,
} from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { KnownList } from "../contract.ts";
import { ListImport } from "./list-import.tsx";
import type {} from "../message-codes.ts";
import "./lists.css";

/** Lists of the branch entered that go out as CSV or Excel and in again. */
export default function ListsCard(): ReactNode {
  const studio = useStudio();
  const { t, language } = useWords();
  const { branch } = useStore(studio.address.store);
  const loaded = useLoad(answerOf(calls.lists, { query: { branch } }, { kinds: ["alarmRule", "lossReason", "ownKpi"] }));
  const [imported, setImported] = useState<KnownList>();
  const task = useTask((_, error) => studio.notifyFailure(error, t("lists.exportFailed")));
  const save = ({ id, title }: KnownList, format: "csv" | "xlsx"): void =>
    task.run(async () =>
      saveFile(
        fileName([inLanguage(title, language)], format),
        await calls.file(studio.client, { params: { id }, query: { branch, format, language } }),
      ),
    );
  const columns: readonly Column<KnownList>[] = [
    { title: t("lists.list"), cell: ({ title, rows }) => `${inLanguage(title, language)} · ${t("lists.rows", { rows })}` },
    {
      title: "",
      className: "dw-lists-acts",
      cell: (list) => {
        const title = inLanguage(list.title, language);
        return (
          <>
            {(["csv", "xlsx"] as const).map((format) => (
              <Button
                key={format}
                size="compact-sm"
                variant="default"
                leftSection={<IconDownload size={14} />}
                loading={task.busy}
                aria-label={t("lists.exportOf", { title, format: t(`lists.${format}`) })}
                onClick={() => save(list, format)}
              >
                {t(`lists.${format}`)}
              </Button>
            ))}
            <Button
              size="compact-sm"
              variant="default"
              leftSection={<IconUpload size={14} />}
              aria-label={t("lists.importOf", { title })}
              onClick={() => setImported(list)}
            >
              {t("lists.import")}
            </Button>
          </>
        );
      },
    },
  ];
  return (
    <Card title={t("lists.title")} className="dw-lists">
      <p className="dw-note">{t("lists.about")}</p>
      <DataTable caption={t("lists.title")} columns={columns} rows={loaded.value ?? []} keyOf={({ id }) => id} loaded={loaded} />
      {imported !== undefined && <ListImport list={imported} onClose={() => setImported(undefined)} onStored={loaded.reload} />}
    </Card>
  );
}
