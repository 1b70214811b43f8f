import { Button, NumberInput } from "@mantine/core";
import type { ReactNode } from "react";
import { Card, useStudio, useWords } from "@doppelwerk/kit/studio";
import { BlendAnswerCards } from "./blend-answer.tsx";
import { EXAMPLE_BLEND } from "./blend-example.ts";
import { BlendLimitsCard } from "./blend-limits-card.tsx";
import { BlendMaterialsCard } from "./blend-materials-card.tsx";
import { OptimiseHead } from "./optimise-head.tsx";
import { useBlend, type BlendState } from "./use-blend.ts";
import { KeepAndPropose } from "./keep-and-propose.tsx";
import { useKeep } from "./use-search.ts";
import * as simulate from "../../calls.ts";

/** Materials, their analysis and prices, and what the product must be: the cheapest charge, what its limits cost, or which of them conflict. */
export function BlendPage({ branch }: { readonly branch: string }): ReactNode {
  const blend = useBlend(branch);
  const { request, change, answer } = blend;
  return (
    <div className="dw-page dw-decide dw-optimise">
      <div className="dw-decide-left">
        <OptimiseHead kind="blend" />
        <ProductCard blend={blend} />
        <BlendLimitsCard request={request} onChange={change} />
        {answer?.status === "optimal" && <KeepButtons branch={branch} blend={blend} />}
      </div>
      <div className="dw-decide-right">
        {answer !== undefined && <BlendAnswerCards answer={answer} request={request} />}
        <BlendMaterialsCard request={request} onChange={change} />
      </div>
    </div>
  );
}

/** How much is to be made, the start of the solver, and an example for who has no data yet. */
function ProductCard({ blend: { request, change, isNew, solve, busy } }: { readonly blend: BlendState }): ReactNode {
  const { t } = useWords();
  return (
    <Card title={t("simulate.optimise.blend.title")} note={t("simulate.optimise.blend.note")}>
      <div className="dw-search-foot">
        <NumberInput
          size="sm"
          label={t("simulate.optimise.blend.product")}
          value={request.productKg}
          min={0}
          w={140}
          onChange={(value) => value !== "" && change({ ...request, productKg: Number(value) })}
        />
        <Button size="sm" loading={busy} onClick={solve}>
          {t("simulate.optimise.blend.solve")}
        </Button>
      </div>
      {isNew && (
        <>
          <p className="dw-fine">{t("simulate.optimise.blend.exampleText")}</p>
          <Button size="xs" variant="default" onClick={() => change(EXAMPLE_BLEND)}>
            {t("simulate.optimise.blend.example")}
          </Button>
        </>
      )}
    </Card>
  );
}

function KeepButtons({ branch, blend: { request } }: { readonly branch: string; readonly blend: BlendState }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const keep = useKeep("blend");
  const put = (): void =>
    void keep(t("simulate.optimise.blend.title"), branch, (on) =>
      simulate.keepCharge(studio.client, { params: { branch: on }, body: { request } }),
    );
  return <KeepAndPropose branch={branch} onKeep={put} />;
}
