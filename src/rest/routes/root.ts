/** GET / and GET /health. */

import type { Stage } from '../../herder/changes/request-queue';
import type { Herder } from '../../herder/herder';
import { COMMIT, KAFKA_VERSION } from '../../version';
import { FLAG, flag, json, type RestReply, type RestRequest, type Route } from '../route';

export function rootRoutes(herder: Herder): Route[] {
  return [
    {
      method: 'GET',
      path: '/',
      summary: 'Version and cluster id.',
      replies: { 200: 'ServerInfo' },
      handle: () => json(200, { version: KAFKA_VERSION, commit: COMMIT, kafka_cluster_id: herder.kafkaClusterId }),
    },
    {
      method: 'GET',
      path: '/health',
      summary:
        '200 once all connector files are created, 503 before. As in Java it is about the worker: failed tasks do not count, but with `?tasks=true`.',
      query: [{ name: 'tasks', description: '503 too while a connector or task is FAILED; the message names them.', values: FLAG }],
      replies: { 200: 'Health', 503: 'Health' },
      handle: request => health(herder, request),
    },
  ];
}

function health(herder: Herder, request: RestRequest): RestReply {
  const failed = herder.isReady && flag(request, 'tasks') ? herder.failures() : [];
  if (failed.length > 0) return json(503, { status: 'unhealthy', message: `FAILED: ${shownParts(failed)}.` });
  if (herder.isReady) {
    return json(200, { status: 'healthy', message: 'Worker has completed startup and is ready to handle requests.' });
  }
  return json(503, { status: 'starting', message: ['Worker is still starting up.', ...describeStage(herder.currentStage())].join(' ') });
}

/** A probe reads no long lists. */
const MAX_SHOWN = 20;

function shownParts(parts: readonly string[]): string {
  const more = parts.length - MAX_SHOWN;
  return [...parts.slice(0, MAX_SHOWN), ...(more > 0 ? [`${more} more`] : [])].join(', ');
}

/** A sentence on what the worker is doing, if it is known. */
export function describeStage(stage: Stage | null): string[] {
  return stage ? [`The worker is currently ${stage.description}, which began at ${new Date(stage.startedAtMs).toISOString()}.`] : [];
}
