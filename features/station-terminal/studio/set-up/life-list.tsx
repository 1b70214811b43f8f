import { Button, NativeSelect, NumberInput, TextInput } from "@mantine/core";
import { useState, type ReactNode } from "react";
import {
  answerOf,
  datedText,
  FormDialog,
  ListPart,
  LoadedCard,
  useLoad,
  useProposedEdit,
  useSentForm,
  useStudio,
  useWords,
} from "@doppelwerk/kit/studio";
import * as calls from "../../calls.ts";
import type {} from "../../message-codes.ts";
import { LIFE_KINDS, LIFE_UNITS, type LifeFields } from "../../model/life-kind.ts";
import { UsedLife } from "../life-panel.tsx";

const EVERY_MS = 15_000;

/** Tools, moulds and gauges of all stations with how much of their life is used. */
export default function LifeList(): ReactNode {
  const { t, language, zone } = useWords();
  const studio = useStudio();
  const loaded = useLoad(answerOf(calls.lives, {}), { everyMs: EVERY_MS });
  const [isOpen, setOpen] = useState(false);
  return (
    <LoadedCard title={t("stationTerminal.life.title")} loaded={loaded}>
      {(items) => (
        <>
          <ListPart
            caption={t("stationTerminal.life.title")}
            rows={items}
            keyOf={({ code }) => code}
            textOf={({ code, name, station }) => `${code} ${name} ${station}`}
            empty={t("stationTerminal.life.none")}
            columns={[
              { title: t("stationTerminal.column.name"), cell: ({ name, code }) => `${name} (${code})` },
              { title: t("stationTerminal.column.kind"), cell: ({ what }) => t(`stationTerminal.life.kind.${what}`) },
              { title: t("stationTerminal.column.station"), cell: ({ station }) => station },
              { title: t("stationTerminal.life.used"), cell: (item) => <UsedLife item={item} /> },
              { title: t("stationTerminal.badges.state"), cell: ({ state }) => t(`stationTerminal.life.${state}`) },
              { title: t("stationTerminal.life.since"), cell: ({ since }) => datedText(since, studio.now(), zone, language) },
            ]}
          />
          <p>
            <Button variant="default" onClick={() => setOpen(true)}>
              {t("stationTerminal.life.add")}
            </Button>
          </p>
          {isOpen && <LifeForm onClose={() => setOpen(false)} onStored={loaded.reload} />}
        </>
      )}
    </LoadedCard>
  );
}

function LifeForm({ onClose, onStored }: { readonly onClose: () => void; readonly onStored: () => void }): ReactNode {
  const { t } = useWords();
  const { client } = useStudio();
  const { isLive, edit } = useProposedEdit(t("stationTerminal.notStored"), () => {
    onClose();
    onStored();
  });
  const initial = {
    code: "",
    name: "",
    station: "",
    what: "tool" as LifeFields["what"],
    unit: "cycles" as LifeFields["unit"],
    limit: 1_000,
    warnAt: 90,
  };
  const form = useSentForm(initial, async ({ code, warnAt, ...fields }) => {
    edit(t("stationTerminal.life.branch"), (branch) =>
      calls.storeLife(client, { params: { code: code.trim() }, query: { branch }, body: { fields: { ...fields, warnAt: warnAt / 100 } } }),
    );
  });
  const { code, name, station } = form.values;
  return (
    <FormDialog
      title={t("stationTerminal.life.add")}
      form={form}
      submit={t(isLive ? "stationTerminal.propose" : "stationTerminal.store")}
      isWhole={[code, name, station].every((text) => text.trim() !== "")}
      onClose={onClose}
    >
      <TextInput label={t("stationTerminal.column.code")} maxLength={40} {...form.field("code")} />
      <TextInput label={t("stationTerminal.column.name")} maxLength={100} {...form.field("name")} />
      <TextInput label={t("stationTerminal.column.station")} maxLength={200} {...form.field("station")} />
      <NativeSelect
        label={t("stationTerminal.column.kind")}
        data={LIFE_KINDS.map((value) => ({ value, label: t(`stationTerminal.life.kind.${value}`) }))}
        {...form.field("what")}
      />
      <NativeSelect
        label={t("stationTerminal.column.unit")}
        data={LIFE_UNITS.map((value) => ({ value, label: t(`stationTerminal.life.unit.${value}`) }))}
        {...form.field("unit")}
      />
      <NumberInput label={t("stationTerminal.column.limit")} min={0.1} {...form.field("limit")} />
      <NumberInput label={t("stationTerminal.life.warnAt")} min={0} max={100} suffix=" %" {...form.field("warnAt")} />
    </FormDialog>
  );
}
