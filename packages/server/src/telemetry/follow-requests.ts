import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Instant } from "@doppelwerk/world";
import type { SpanSink } from "./span-sink.ts";
import { newTraceparent, traceContextOf } from "./trace-context.ts";
import { currentRequest } from "./work-spans.ts";

export interface FollowOptions {
  readonly spans: SpanSink;
  now(): Instant;
  /** Whether a person or machine is known by the request: the trace of nobody else is taken up. */
  isKnown(request: FastifyRequest): boolean;
}

interface Followed {
  readonly context: string;
  readonly parent: string | undefined;
}

/** A span for each request, by the template of its route; nothing that the request says is in it. Commands and jobs that it asks for are part of its trace. */
export function followRequests(app: FastifyInstance, { spans, now, isKnown }: FollowOptions): void {
  const followed = new WeakMap<FastifyRequest, Followed>();
  // after those who decide who asks
  app.addHook("preParsing", (request, _reply, _payload, done) => {
    const named = request.headers.traceparent;
    const parent = named !== undefined && isKnown(request) ? traceContextOf(named) : undefined;
    // who follows a trace of its own says of each request whether it is followed
    if (parent?.isSampled === false) return done();
    const context = newTraceparent(parent?.traceId);
    followed.set(request, { context, parent: parent && String(named) });
    currentRequest.run(context, done);
  });
  app.addHook("onResponse", (request, reply, done) => {
    const { context, parent } = followed.get(request) ?? {};
    done();
    if (context === undefined) return;
    const to = now();
    const route = request.routeOptions.url;
    const { method } = request;
    spans.record({
      name: route === undefined ? method : `${method} ${route}`,
      from: to - Math.round(reply.elapsedTime * 1_000),
      to,
      context,
      parent,
      isServer: true,
      isFailed: reply.statusCode >= 500,
      attributes: {
        "http.request.method": method,
        ...(route !== undefined && { "http.route": route }),
        "http.response.status_code": reply.statusCode,
      },
    });
  });
}
