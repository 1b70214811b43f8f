import { Button } from "@mantine/core";
import { useState, type ReactNode } from "react";
import {
  answerOf,
  ListPart,
  LoadedCard,
  RowActions,
  useLoad,
  useProposedEdit,
  useStore,
  useStudio,
  useWords,
} from "@doppelwerk/kit/studio";
import * as calls from "../../calls.ts";
import type { Instruction } from "../../contract.ts";
import type {} from "../../message-codes.ts";
import { InstructionEditor } from "./instruction-editor.tsx";

/** Work instructions of the branch entered, by station and product. */
export default function InstructionList(): ReactNode {
  const { t } = useWords();
  const { client, address } = useStudio();
  const { branch } = useStore(address.store);
  const loaded = useLoad(answerOf(calls.instructions, { query: { branch } }, { kinds: ["workInstruction"] }));
  const [edited, setEdited] = useState<Instruction | "new">();
  const { busy, edit } = useProposedEdit(t("stationTerminal.notStored"), loaded.reload);
  const remove = ({ id }: Instruction): void =>
    edit(t("stationTerminal.instruction.branch"), (on) =>
      calls.removeInstruction(client, { params: { instruction: id }, query: { branch: on } }),
    );
  return (
    <LoadedCard title={t("stationTerminal.part.instructions")} loaded={loaded}>
      {(instructions) => (
        <>
          <ListPart
            caption={t("stationTerminal.part.instructions")}
            rows={instructions}
            keyOf={({ id }) => id}
            textOf={({ fields }) => `${fields.station} ${fields.product}`}
            empty={t("stationTerminal.instruction.none")}
            columns={[
              { title: t("stationTerminal.column.station"), cell: ({ fields }) => fields.station },
              {
                title: t("stationTerminal.label.product"),
                cell: ({ fields }) => fields.product || t("stationTerminal.instruction.anyProduct"),
              },
              { title: t("stationTerminal.instruction.steps"), isNumber: true, cell: ({ fields }) => fields.steps.length },
              {
                title: t("stationTerminal.instruction.firstPiece"),
                cell: ({ fields }) => t(fields.needsFirstPiece ? "stationTerminal.yes" : "stationTerminal.no"),
              },
              {
                title: "",
                cell: (each) => (
                  <RowActions
                    actions={[
                      { label: t("stationTerminal.edit"), disabled: busy, run: () => setEdited(each) },
                      { label: t("stationTerminal.remove"), disabled: busy, isRemoval: true, run: () => remove(each) },
                    ]}
                  />
                ),
              },
            ]}
          />
          <p>
            <Button variant="default" onClick={() => setEdited("new")}>
              {t("stationTerminal.instruction.add")}
            </Button>
          </p>
          {edited !== undefined && (
            <InstructionEditor
              edited={edited === "new" ? undefined : edited}
              onClose={() => setEdited(undefined)}
              onStored={loaded.reload}
            />
          )}
        </>
      )}
    </LoadedCard>
  );
}
