import { act, cleanup, render } from "@testing-library/react";
import axe from "axe-core";
import { Suspense } from "react";
import type { ReactNode } from "react";
import { StudioContext, WindowScope, createRegistry, switchLanguage } from "@doppelwerk/ui";
import type { Language, Studio, View } from "@doppelwerk/ui";
import { createStudio } from "../session/create-studio.ts";
import { keepLoaded } from "../session/loading.ts";
import { StudioTheme } from "./studio-theme.tsx";

/** What a server answered once: a body, or a status with its body; a function is asked each time, and may answer later. */
export type Recorded = unknown | ((request: { readonly url: URL; readonly body: unknown }) => unknown);
export interface Refusal {
  readonly status: number;
  readonly body: unknown;
}

export interface Page {
  readonly studio: Studio;
  /** `METHOD /path` of what was asked, with its body, oldest first. */
  readonly asked: readonly { readonly route: string; readonly body: unknown }[];
  /** The answers can be exchanged while the page stands. */
  readonly answers: Record<string, Recorded>;
  /** Serious findings of axe, without colours: there is no layout here. */
  accessibilityFindings(): Promise<readonly string[]>;
}

const API = "/api/doppelwerk/v1";
const stops: (() => void)[] = [];

/** Draws a page as the studio does, on what a real server answered. What was not recorded is answered 404. */
export async function openPage(
  page: ReactNode,
  {
    answers,
    views = [],
    address = "/",
    language = "en",
    now,
  }: {
    readonly answers: Record<string, Recorded>;
    readonly views?: readonly View[];
    readonly address?: string;
    readonly language?: Language;
    /** When it was recorded. */
    readonly now?: number;
  },
): Promise<Page> {
  const asked: { readonly route: string; readonly body: unknown }[] = [];
  prepareWindow(address, answers, asked);
  await switchLanguage(language);
  const made = createStudio(createRegistry(views));
  const studio: Studio = now === undefined ? made : Object.assign(made, { now: () => now });
  stops.push(keepLoaded(studio), () => studio.live.close());
  await act(async () => {
    render(
      <StudioContext value={studio}>
        <StudioTheme name="light" env="test">
          <WindowScope>
            <Suspense fallback={null}>{page}</Suspense>
          </WindowScope>
        </StudioTheme>
      </StudioContext>,
    );
  });
  return {
    studio,
    asked,
    answers,
    async accessibilityFindings() {
      const { violations } = await axe.run(document.body, { rules: { "color-contrast": { enabled: false }, region: { enabled: false } } });
      return violations
        .filter(({ impact }) => impact === "serious" || impact === "critical")
        .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
    },
  };
}

/** Takes the pages of a test away. */
export function closePages(): void {
  cleanup();
  for (const stop of stops.splice(0)) stop();
  localStorage.clear();
}

/** The recorded server in place of the network. */
function prepareWindow(address: string, answers: Record<string, Recorded>, asked: { route: string; body: unknown }[]): void {
  history.replaceState(null, "", address);
  globalThis.fetch = async (input, init) => {
    const url = new URL(String(input), location.href);
    const route = `${init?.method ?? "GET"} ${decodeURIComponent(url.pathname.slice(API.length))}`;
    const body = typeof init?.body === "string" ? (JSON.parse(init.body) as unknown) : undefined;
    asked.push({ route, body });
    const recorded = answers[route];
    const answer = await (typeof recorded === "function" ? (recorded as (request: object) => unknown)({ url, body }) : recorded);
    if (answer === undefined) return json(404, { error: { code: "DW_NOT_FOUND", message: `${route} was not recorded` } });
    // what is no JSON
    if (answer instanceof Response) return answer;
    return isRefusal(answer) ? json(answer.status, answer.body) : json(200, answer);
  };
}

function isRefusal(answer: unknown): answer is Refusal {
  return typeof answer === "object" && answer !== null && "status" in answer && "body" in answer;
}

function json(status: number, body: unknown): Response {
  return new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });
}
