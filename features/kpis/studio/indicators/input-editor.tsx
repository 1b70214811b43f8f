import { Button, NativeSelect, Textarea } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import { Dialog, inLanguage, messageText, useProposedEdit, useStudio, useWords } from "@doppelwerk/kit/studio";
import { KPI_ELEMENTS, parseExpression } from "@doppelwerk/operations";
import * as calls from "../../calls.ts";
import type { AssignedInput } from "../../contract.ts";
import type {} from "../../message-codes.ts";
import { faultText } from "../../model/formula-faults.ts";
import { useNames } from "./formula-text.ts";

interface EditorProps {
  /** Undefined: a new one. */
  readonly input: AssignedInput | undefined;
  readonly places: readonly Pick<AssignedInput, "place" | "title">[];
  /** Where a new one is most likely of. */
  readonly place: string | undefined;
  readonly onClose: () => void;
  readonly onStored: () => void;
}

/** An element of a station or line by a formula: on live it is proposed on a branch, on a branch stored there. */
export function InputEditor({ input, places, place, onClose, onStored }: EditorProps): ReactNode {
  const { t } = useWords();
  const { client } = useStudio();
  const [symbol, setSymbol] = useState(input?.symbol ?? "APWT");
  const [at, setAt] = useState(input?.place ?? place ?? places[0]?.place ?? "");
  const [formula, setFormula] = useState(input?.formula ?? "");
  const { busy, isLive, edit } = useProposedEdit(t("kpis.input.failed"), () => {
    onClose();
    onStored();
  });
  const parsed = parseExpression(formula);
  const fault = formula === "" || parsed.fault === undefined ? undefined : messageText("", faultText(parsed.fault));
  const isWhole = at !== "" && formula.trim() !== "" && parsed.fault === undefined;
  const store = (): void =>
    edit(t("kpis.input.branch", { symbol }), (branch) =>
      calls.storeInput(client, { query: { branch }, body: { symbol, place: at, formula } }),
    );
  return (
    <Dialog
      opened
      onClose={onClose}
      title={input === undefined ? t("kpis.input.add") : t("kpis.input.editOf", { symbol, place: input.place })}
      size={620}
      centered
    >
      <form
        className="dw-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (isWhole) store();
        }}
      >
        <Subject {...{ symbol, at, places }} isNew={input === undefined} onSymbol={setSymbol} onPlace={setAt} />
        <Textarea
          label={t("kpis.own.formula")}
          description={t("kpis.input.formulaHint")}
          value={formula}
          autosize
          minRows={2}
          maxRows={8}
          maxLength={2_000}
          spellCheck={false}
          error={fault}
          data-autofocus
          onChange={(event) => setFormula(event.currentTarget.value)}
        />
        <div className="dw-dialog-foot">
          <span className="dw-grow" />
          <Button variant="default" onClick={onClose}>
            {t("frame.cancel")}
          </Button>
          <Button type="submit" loading={busy} disabled={!isWhole}>
            {t(isLive ? "kpis.own.propose" : "kpis.own.store")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** Which element of which equipment. */
function Subject({
  symbol,
  at,
  places,
  isNew,
  onSymbol,
  onPlace,
}: {
  readonly symbol: string;
  readonly at: string;
  readonly places: EditorProps["places"];
  readonly isNew: boolean;
  readonly onSymbol: (symbol: string) => void;
  readonly onPlace: (place: string) => void;
}): ReactNode {
  const { t, language } = useWords();
  const names = useNames();
  return (
    <div className="dw-own-kpi-row">
      <NativeSelect
        label={t("kpis.input.element")}
        value={symbol}
        disabled={!isNew}
        data={KPI_ELEMENTS.map((each) => ({ value: each.symbol, label: names(each.symbol) }))}
        onChange={(event) => onSymbol(event.currentTarget.value)}
      />
      <NativeSelect
        label={t("kpis.input.place")}
        value={at}
        disabled={!isNew}
        data={places.map((each) => ({ value: each.place, label: inLanguage(each.title, language) }))}
        onChange={(event) => onPlace(event.currentTarget.value)}
      />
    </div>
  );
}
