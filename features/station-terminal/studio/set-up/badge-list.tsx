import { TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import { answerOf, Form, ListPart, LoadedCard, RowActions, useLoad, useSentForm, useStudio, useWords } from "@doppelwerk/kit/studio";
import * as calls from "../../calls.ts";
import type {} from "../../message-codes.ts";

/** Whose badge is which; administrators alone read and give them. */
export default function BadgeList(): ReactNode {
  const { t } = useWords();
  const { client } = useStudio();
  const loaded = useLoad(answerOf(calls.badges, {}));
  const form = useSentForm({ number: "", name: "", person: "" }, async ({ number, name, person }) => {
    await calls.storeBadge(client, { body: { number, name, ...(person.trim() !== "" && { person: person.trim() }) } });
    form.reset();
    loaded.reload();
  });
  return (
    <LoadedCard title={t("stationTerminal.part.badges")} loaded={loaded}>
      {(badges) => (
        <>
          <p className="dw-note">{t("stationTerminal.badges.about")}</p>
          <ListPart
            caption={t("stationTerminal.part.badges")}
            rows={badges}
            keyOf={({ id }) => id}
            textOf={({ name, person }) => `${name} ${person}`}
            empty={t("stationTerminal.badges.none")}
            columns={[
              { title: t("stationTerminal.badges.name"), cell: ({ name }) => name },
              { title: t("stationTerminal.badges.number"), cell: ({ tail }) => `…${tail}` },
              {
                title: t("stationTerminal.badges.state"),
                cell: ({ isWithdrawn }) => t(isWithdrawn ? "stationTerminal.badges.withdrawn" : "stationTerminal.badges.valid"),
              },
              {
                title: "",
                cell: ({ id, isWithdrawn }) => (
                  <RowActions
                    onDone={loaded.reload}
                    actions={[
                      !isWithdrawn && {
                        label: t("stationTerminal.badges.withdraw"),
                        isRemoval: true,
                        run: () => calls.withdrawBadge(client, { params: { badge: id } }),
                      },
                    ]}
                  />
                ),
              },
            ]}
          />
          <Form
            form={form}
            submit={t("stationTerminal.badges.give")}
            isWhole={form.values.name.trim() !== "" && form.values.number.trim().length >= 4}
          >
            <TextInput label={t("stationTerminal.badges.name")} maxLength={100} {...form.field("name")} />
            <TextInput label={t("stationTerminal.badges.number")} maxLength={100} autoComplete="off" {...form.field("number")} />
            <TextInput label={t("stationTerminal.badges.account")} maxLength={200} {...form.field("person")} />
          </Form>
        </>
      )}
    </LoadedCard>
  );
}
