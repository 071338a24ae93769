/** The way of one run, from its first step to its last: open, start, then poll, send, look around, until it is to end; then finish. */
import type { SourceBatch } from '../../api/source';
import type { ConnectError } from '../../errors';
import { yieldToEventLoop } from '../shared/wake';
import type { Beginning } from './delivery';
import { PlaceNotes } from './place-notes';
import { sendBatch } from './sending/send-batch';
import { createSourceContext } from './source-context';
import { commitLast } from './source-reports';
import type { SourceRun } from './source-run';

const PAUSED_LOOK_MS = 1000;
const SETTLING_LOOK_MS = 10;

/**
 * Runs until the task is to stop, or the client is broken; `finishRun` must follow in any case.
 * @returns what has broken the client, null otherwise
 * @throws what fails the task
 */
export async function runSource(run: SourceRun): Promise<ConnectError | null> {
  const { services, delivery } = run;
  const beginning = await delivery.open();
  if (beginning) {
    await start(run, beginning);
    const places = new PlaceNotes(run);
    while (!services.stopping && !run.interrupted()) await turn(run, places);
    await sendHeld(run);
  }
  return run.broken && delivery.explain(run.broken);
}

async function start(run: SourceRun, beginning: Beginning): Promise<void> {
  const { host, paused } = run.services;
  await run.task.start(host.spec.taskProps, createSourceContext(run, beginning));
  run.hasStarted = true;
  warmUp(run);
  if (!paused) host.post({ type: 'state', state: 'RUNNING' });
}

/**
 * The connection is made while the task opens its file. A transformation may send the records to quite another topic, and to ask a
 * broker for a topic may create it, with the broker's defaults.
 */
function warmUp({ services, outlet }: SourceRun): void {
  const { host, chain, topicCreation } = services;
  const { topic } = host.spec.settings;
  if (topic !== null) outlet.warmUp(chain.isEmpty && !topicCreation ? topic : null);
}

async function turn(run: SourceRun, places: PlaceNotes): Promise<void> {
  const { services, submitted, delivery, acks, stalls } = run;
  if (services.paused) return waitWhilePaused(run);
  if (run.isSettling) return services.host.wake.wait(SETTLING_LOOK_MS);
  const batch = await poll(run);
  submitted.nowMs = Date.now();
  if (batch) await send(run, batch);
  if (!run.interrupted() && places.areDue()) await delivery.keepPlaces();
  run.takeDeliveries();
  acks.tellTask();
  services.topicCreation?.rest();
  stalls.look();
  run.reportProgress(batch !== null);
  await yieldToEventLoop();
}

async function poll({ polls, delivery }: SourceRun): Promise<SourceBatch | null> {
  const polled = polls.next();
  await delivery.idle(polled);
  return polled;
}

async function send(run: SourceRun, batch: SourceBatch): Promise<void> {
  const { delivery } = run;
  for (const part of delivery.partsOf(batch)) {
    if (!(await delivery.before())) return;
    await sendBatch(run, part.part);
    if (run.interrupted()) return;
    await delivery.after(part);
  }
}

async function waitWhilePaused(run: SourceRun): Promise<void> {
  const { services, delivery } = run;
  const { host } = services;
  await delivery.idle(null);
  host.post({ type: 'state', state: 'PAUSED' });
  while (services.paused && !services.stopping && !run.interrupted()) await host.wake.wait(PAUSED_LOOK_MS);
  if (!services.stopping) host.post({ type: 'state', state: services.paused ? 'PAUSED' : 'RUNNING' });
}

/** What the task cannot read again goes out before it is stopped. */
async function sendHeld(run: SourceRun): Promise<void> {
  while (run.hasStarted && !run.canRewind && !run.interrupted()) {
    const held = await run.polls.nextHeld();
    if (!held) return;
    await send(run, held);
  }
}

/**
 * Waits for what is in flight until the deadline of the stop, or as long as a flush may take, reports the last offsets, stops the
 * task, lets the client go. Never throws.
 * @param another true if another run follows
 */
export async function finishRun(run: SourceRun, another: boolean): Promise<void> {
  const { services, outlet, task, delivery } = run;
  const { host, letters } = services;
  const leftMs = host.stopDeadline.waitOf(host.flushTimeoutMs);
  while (outlet.inFlight > 0 && !run.failure && !run.broken && leftMs() > 0) {
    await host.wake.wait(Math.min(100, Math.max(1, leftMs())));
    run.takeDeliveries();
  }
  run.acks.tellTask();
  if (outlet.inFlight > 0) {
    const when = another ? 'with the next producer' : 'after the next start';
    const next = run.canRewind ? `they will be sent again ${when}` : 'this source cannot read them again, so they may be lost';
    host.logger.warn(`${outlet.inFlight} records were not acknowledged in time; ${next}.`);
  }
  await letters?.settle(leftMs);
  await delivery.stop(leftMs);
  await commitLast(run, leftMs());
  try {
    await task.stop();
  } catch (error) {
    host.logger.warn('Could not stop task', error);
  }
  host.metrics.closePlugin();
  host.wake.onWake = () => {};
  if (another) outlet.giveUp();
  else outlet.release();
}
