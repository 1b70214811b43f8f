import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { childrenOf } from "@doppelwerk/aas";
import type { Submodel, SubmodelElement } from "@doppelwerk/aas";
import { LIVE } from "@doppelwerk/world";
import { Empty, unitName, useStore, useStudio, useWords, withUnit } from "@doppelwerk/kit/studio";
import { ListOrder } from "./list-order.tsx";
import { besideIdShort, liveOf, plannedOf } from "./meaning.ts";
import type { Meaning } from "./meaning.ts";
import { placedElements, type PlacedElement } from "./submodel-csv.ts";
import { ElementIcon } from "./element-icon.tsx";
import { valueLine } from "./value-text.ts";

/** Lines shown before someone asks for all. */
const MAX_SHOWN = 250;

/** The elements below a submodel or element with their values, live ones with their quality, planned ones beside. */
export function ElementsTable({
  parent,
  above = "",
  meanings,
  whole,
  orderIn,
  onWhole,
  onChoose,
}: {
  readonly parent: Submodel | SubmodelElement;
  readonly above?: string;
  readonly meanings: (element: SubmodelElement) => Meaning;
  readonly whole: boolean;
  /** Id of the submodel, where the items of this list can be put in another order. */
  readonly orderIn?: string;
  readonly onWhole: () => void;
  readonly onChoose: (path: string) => void;
}): ReactNode {
  const { t } = useWords();
  const elements = placedElements(parent, above);
  if (elements.length === 0) return <Empty title={t("assets.explorer.noElements")} text={t("assets.explorer.noElementsText")} />;
  const shown = whole ? elements : elements.slice(0, MAX_SHOWN);
  return (
    <>
      <table className="dw-table dw-elements">
        <thead>
          <tr>
            <th>{t("assets.explorer.element")}</th>
            <th>{t("assets.explorer.value")}</th>
            <th className="dw-wide">{t("assets.explorer.type")}</th>
            {orderIn !== undefined && <th aria-label={t("assets.explorer.order")} />}
          </tr>
        </thead>
        <tbody>
          {shown.map((placed) => (
            <ElementRow key={placed.path} placed={placed} meaning={meanings(placed.element)} onChoose={onChoose}>
              {orderIn !== undefined && (
                <td className="dw-order" onClick={(event) => event.stopPropagation()}>
                  {placed.depth === 0 && (
                    <ListOrder
                      submodel={orderIn}
                      list={above}
                      index={Number(placed.path.slice(above.length + 1, -1))}
                      count={childrenOf(parent).length}
                    />
                  )}
                </td>
              )}
            </ElementRow>
          ))}
        </tbody>
      </table>
      {shown.length < elements.length && (
        <Button variant="default" size="sm" onClick={onWhole}>
          {t("assets.explorer.showAll", { count: elements.length })}
        </Button>
      )}
    </>
  );
}

/** Name, value and type of an element; `children` are the cells after them. */
function ElementRow({
  placed: { path, depth, element },
  meaning,
  onChoose,
  children,
}: {
  readonly placed: PlacedElement;
  readonly meaning: Meaning;
  readonly onChoose: (path: string) => void;
  readonly children: ReactNode;
}): ReactNode {
  const { t, language } = useWords();
  const planned = plannedOf(element);
  const beside = besideIdShort(meaning.name, element.idShort);
  return (
    <tr className="is-link" onClick={() => onChoose(path)}>
      <td style={{ paddingLeft: depth * 16 }}>
        <button
          type="button"
          className="dw-element-name"
          title={meaning.definition}
          onClick={(event) => {
            event.stopPropagation();
            onChoose(path);
          }}
        >
          <ElementIcon modelType={element.modelType} />
          <span>{element.idShort ?? /\[\d+\]$/.exec(path)?.[0]}</span>
          {beside !== undefined && <small>{beside}</small>}
        </button>
      </td>
      <td className="dw-element-value" title={unitName(meaning.unit, language)}>
        {withUnit(valueLine(element, language), meaning.unit)} <ValueStatus element={element} />
        {planned !== undefined && (
          <small className="dw-planned">
            {t("assets.planned", { value: withUnit(planned.value, meaning.unit), date: planned.from, owner: planned.owner })}
          </small>
        )}
      </td>
      <td className="dw-wide dw-element-type">
        {"valueType" in element ? element.valueType : t(`assets.explorer.kind.${element.modelType}`)}
      </td>
      {children}
    </tr>
  );
}

/** The mark of a value that comes from a signal, with its quality; on a branch and in the past it is what was recorded, not what is. */
export function ValueStatus({ element }: { readonly element: SubmodelElement }): ReactNode {
  const { t } = useWords();
  const { branch, at } = useStore(useStudio().address.store);
  const live = liveOf(element);
  if (live === undefined) return null;
  const missing = element.modelType === "Property" && element.value === undefined;
  const standing = missing ? "missing" : live.quality;
  return (
    <span className={`dw-standing is-${live.quality}`} title={live.sourceTime}>
      {branch === LIVE && at === undefined
        ? t.or(`assets.explorer.live.${standing}`, standing)
        : t.or(`assets.explorer.recorded.${standing}`, standing)}
    </span>
  );
}
