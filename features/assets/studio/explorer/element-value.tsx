import type { ReactNode } from "react";
import { childrenOf } from "@doppelwerk/aas";
import type { SubmodelElement } from "@doppelwerk/aas";
import { momentText, useWords, withUnit } from "@doppelwerk/kit/studio";
import { EditValue } from "./edit-value.tsx";
import { hasEditor } from "./editors.tsx";
import { placeOfSubmodel, type ElementPlace } from "./element-place.ts";
import { ElementsTable, ValueStatus } from "./elements-table.tsx";
import { EventFacts } from "./event-facts.tsx";
import type { ExplorerMoves } from "./explorer-moves.ts";
import { FileContent } from "./file-content.tsx";
import { liveOf, plannedOf } from "./meaning.ts";
import type { Meaning } from "./meaning.ts";
import { OperationPanel } from "./operation-panel.tsx";
import { valueLine } from "./value-text.ts";

interface ValueProps {
  readonly element: SubmodelElement;
  readonly place: ElementPlace;
  readonly past: boolean;
  readonly meanings: (element: SubmodelElement) => Meaning;
  /** At which the element was read. */
  readonly revision: number | undefined;
}

/** The value of an element as it is, to change where it may be changed; and the elements below it. */
export function ElementValue({ moves, ...props }: ValueProps & { readonly moves: ExplorerMoves }): ReactNode {
  const { element, place, past, meanings } = props;
  return (
    <>
      <div className="dw-value-panel">
        <SignalValue {...props} />
        <KindValue {...props} />
        <StoredValue {...props} />
      </div>
      {childrenOf(element).length > 0 && (
        <ElementsTable
          parent={element}
          above={place.path}
          meanings={meanings}
          whole={false}
          onWhole={() => moves.go(placeOfSubmodel(place))}
          {...(element.modelType === "SubmodelElementList" && !past && { orderIn: place.submodel })}
          onChoose={(path) => moves.go({ ...place, path })}
        />
      )}
    </>
  );
}

/** What a signal says now, and what is planned. */
function SignalValue({ element, meanings }: ValueProps): ReactNode {
  const { t, language, zone } = useWords();
  const live = liveOf(element);
  const planned = plannedOf(element);
  const { unit } = meanings(element);
  return (
    <>
      {live !== undefined && (
        <div className="dw-live-value" aria-live="polite">
          <strong>{withUnit(valueLine(element, language) || "–", unit)}</strong> <ValueStatus element={element} />
          {live.sourceTime !== undefined && <small>{momentText(Date.parse(live.sourceTime) * 1000, zone, language)}</small>}
          <p className="dw-quiet">{t("assets.explorer.live.text")}</p>
        </div>
      )}
      {planned !== undefined && (
        <p className="dw-planned">
          {t("assets.planned", { value: withUnit(planned.value, unit), date: planned.from, owner: planned.owner })}
        </p>
      )}
    </>
  );
}

/** What elements of a kind have beside, or in place of, a value. */
function KindValue({ element, place: { submodel, path }, past }: ValueProps): ReactNode {
  const { t } = useWords();
  switch (element.modelType) {
    case "File":
    case "Blob":
      return <FileContent element={element} submodel={submodel} path={path} past={past} />;
    case "Operation":
      return <OperationPanel operation={element} submodel={submodel} path={path} past={past} />;
    case "BasicEventElement":
      return <EventFacts event={element} />;
    case "Capability":
      return <p className="dw-quiet">{t("assets.explorer.capabilityText")}</p>;
    default:
      return null;
  }
}

/** The value of an element that no signal is behind. */
function StoredValue({ element, place, past, meanings, revision }: ValueProps): ReactNode {
  const { language } = useWords();
  if (!hasEditor(element) || liveOf(element) !== undefined) return null;
  const { unit, values } = meanings(element);
  if (past) return <p className="dw-value-past">{withUnit(valueLine(element, language) || "–", unit)}</p>;
  return <EditValue element={element} place={place} values={values.map(({ value }) => value)} revision={revision} />;
}
