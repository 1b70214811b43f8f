import { useEffect, useState } from "react";
import type { BlendAnswer, BlendRequest } from "@doppelwerk/client";
import { useLoad, useStudio, useTask, useWords } from "@doppelwerk/kit/studio";
import { EMPTY_BLEND } from "./blend-example.ts";
import * as simulate from "../../calls.ts";

export type BlendMaterial = BlendRequest["materials"][number];
export type BlendLimit = BlendRequest["limits"][number];

/** What a part of the form of a charge shows and changes. */
export interface BlendPartProps {
  readonly request: BlendRequest;
  readonly onChange: (request: BlendRequest) => void;
}

export interface BlendState {
  readonly request: BlendRequest;
  readonly change: (request: BlendRequest) => void;
  /** Neither kept on the branch nor entered by anyone yet. */
  readonly isNew: boolean;
  readonly solve: () => void;
  readonly busy: boolean;
  /** Of the request as it is; a change drops it. */
  readonly answer: BlendAnswer | undefined;
}

/** A charge: the one kept on the branch until somebody changes it, and the cheapest answer to it. */
export function useBlend(branch: string): BlendState {
  const studio = useStudio();
  const { t } = useWords();
  const kept = useLoad((signal) => simulate.readCharge(studio.client, { params: { branch } }, { signal }), [branch]);
  const [request, setRequest] = useState<BlendRequest>(EMPTY_BLEND);
  const [isTouched, setTouched] = useState(false);
  const [answer, setAnswer] = useState<{ readonly of: BlendRequest; readonly is: BlendAnswer } | undefined>(undefined);
  const { busy, run } = useTask((_, error) => studio.notifyFailure(error, t("simulate.optimise.blend.notSolved")));
  const held = kept.value || undefined;
  useEffect(() => {
    if (held !== undefined && !isTouched) setRequest(held);
  }, [held, isTouched]);
  return {
    request,
    change: (next) => {
      setTouched(true);
      setRequest(next);
    },
    isNew: held === undefined && !isTouched,
    solve: () => run(async () => setAnswer({ of: request, is: await simulate.solveBlend(studio.client, { body: request }) })),
    busy,
    answer: answer?.of === request ? answer.is : undefined,
  };
}
