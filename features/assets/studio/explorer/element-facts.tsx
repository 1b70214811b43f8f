import { UnstyledButton } from "@mantine/core";
import type { ReactNode } from "react";
import type { SubmodelElement } from "@doppelwerk/aas";
import { unitName, unitText, useWords } from "@doppelwerk/kit/studio";
import type { ExplorerMoves } from "./explorer-moves.ts";
import { conceptOf } from "./meaning.ts";
import type { Meaning } from "./meaning.ts";

/** Value type, unit, name in the other language and concept of an element. */
export function ElementFacts({
  element,
  meaning,
  moves,
}: {
  readonly element: SubmodelElement;
  readonly meaning: Meaning;
  readonly moves: ExplorerMoves;
}): ReactNode {
  const { t, language } = useWords();
  return (
    <dl className="dw-facts dw-element-facts">
      {"valueType" in element && (
        <>
          <dt>{t("assets.explorer.valueType")}</dt>
          <dd>{element.valueType}</dd>
        </>
      )}
      {meaning.unit !== undefined && (
        <>
          <dt>{t("assets.explorer.unit")}</dt>
          <dd>
            {unitText(meaning.unit)}{" "}
            {unitName(meaning.unit, language) !== undefined && <small className="dw-quiet">{unitName(meaning.unit, language)}</small>}
          </dd>
        </>
      )}
      {meaning.alsoCalled !== undefined && (
        <>
          <dt>{t("assets.explorer.alsoCalled")}</dt>
          <dd lang={language === "zh" ? "en" : "zh"}>{meaning.alsoCalled}</dd>
        </>
      )}
      {conceptOf(element) !== undefined && (
        <>
          <dt>{t("assets.explorer.semanticId")}</dt>
          <dd className="dw-breaks">
            {meaning.concept === undefined ? (
              conceptOf(element)
            ) : (
              <UnstyledButton className="dw-text-link dw-breaks" onClick={() => moves.go({ mode: "concepts", concept: meaning.concept! })}>
                {meaning.concept}
              </UnstyledButton>
            )}
          </dd>
        </>
      )}
    </dl>
  );
}
