import { NumberInput, Switch, TextInput } from "@mantine/core";
import { useState, type ReactNode } from "react";
import {
  answerOf,
  DataTable,
  FormDialog,
  inLanguage,
  LoadedCard,
  RowActions,
  useLoad,
  useProposedEdit,
  useSentForm,
  useStore,
  useStudio,
  useWords,
} from "@doppelwerk/kit/studio";
import { Button } from "@mantine/core";
import * as calls from "../../calls.ts";
import type { DefectCode } from "../../contract.ts";
import type {} from "../../message-codes.ts";
import { namesIn } from "./names-in.ts";

/** Codes of defects, in the order in which terminals show them. */
export default function DefectList(): ReactNode {
  const { t, language } = useWords();
  const { branch } = useStore(useStudio().address.store);
  const loaded = useLoad(answerOf(calls.defectCodes, { query: { branch } }, { kinds: ["defectCode"] }));
  const [edited, setEdited] = useState<DefectCode | "new">();
  return (
    <LoadedCard title={t("stationTerminal.defects.title")} loaded={loaded}>
      {(codes) => (
        <>
          <DataTable
            caption={t("stationTerminal.defects.title")}
            rows={codes}
            keyOf={({ code }) => code}
            columns={[
              { title: t("stationTerminal.column.code"), cell: ({ code }) => code },
              { title: t("stationTerminal.defect"), cell: ({ fields }) => inLanguage(fields.title, language) },
              {
                title: t("stationTerminal.column.stations"),
                cell: ({ fields: { stations, isRetired } }) =>
                  isRetired
                    ? t("stationTerminal.column.isRetired")
                    : stations.length > 0
                      ? stations.join(", ")
                      : t("stationTerminal.allStations"),
              },
              {
                title: "",
                cell: (each) => <RowActions actions={[{ label: t("stationTerminal.edit"), run: () => setEdited(each) }]} />,
              },
            ]}
          />
          <p>
            <Button variant="default" onClick={() => setEdited("new")}>
              {t("stationTerminal.defects.add")}
            </Button>
          </p>
          {edited !== undefined && (
            <DefectForm edited={edited === "new" ? undefined : edited} onClose={() => setEdited(undefined)} onStored={loaded.reload} />
          )}
        </>
      )}
    </LoadedCard>
  );
}

interface FormProps {
  readonly edited: DefectCode | undefined;
  readonly onClose: () => void;
  readonly onStored: () => void;
}

function DefectForm({ edited, onClose, onStored }: FormProps): ReactNode {
  const { t } = useWords();
  const { client } = useStudio();
  const { isLive, edit } = useProposedEdit(t("stationTerminal.notStored"), () => {
    onClose();
    onStored();
  });
  const before = edited?.fields;
  const form = useSentForm(
    {
      code: edited?.code ?? "",
      en: before?.title.en ?? "",
      zh: before?.title.zh ?? "",
      order: before?.order ?? 500,
      stations: before?.stations.join(", ") ?? "",
      isRetired: before?.isRetired ?? false,
    },
    async ({ code, en, zh, order, stations, isRetired }) => {
      const fields = { title: { en: en.trim(), zh: zh.trim() }, order, stations: namesIn(stations), isRetired };
      edit(t("stationTerminal.defects.branch"), (branch) =>
        calls.storeDefectCode(client, { params: { code: code.trim() }, query: { branch }, body: { fields } }),
      );
    },
  );
  const { code, en, zh } = form.values;
  return (
    <FormDialog
      title={t("stationTerminal.defect")}
      form={form}
      submit={t(isLive ? "stationTerminal.propose" : "stationTerminal.store")}
      isWhole={[code, en, zh].every((text) => text.trim() !== "")}
      onClose={onClose}
    >
      <TextInput label={t("stationTerminal.column.code")} maxLength={40} disabled={edited !== undefined} {...form.field("code")} />
      <TextInput label={t("stationTerminal.column.titleEn")} maxLength={100} {...form.field("en")} />
      <TextInput label={t("stationTerminal.column.titleZh")} maxLength={100} {...form.field("zh")} />
      <NumberInput label={t("stationTerminal.column.order")} min={0} max={9_999} allowDecimal={false} {...form.field("order")} />
      <TextInput label={t("stationTerminal.column.stations")} description={t("stationTerminal.stationsText")} {...form.field("stations")} />
      <Switch label={t("stationTerminal.column.isRetired")} {...form.field("isRetired", { type: "checkbox" })} />
    </FormDialog>
  );
}
