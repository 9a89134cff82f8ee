// The bus: every listener hears every event, whatever another listener does.

import { expect, test } from 'vitest';
import { createBus, type Event } from '../src/events.ts';

const EVENT: Event = { type: 'token_failed', code: 'unavailable', message: 'm' };

test('every listener hears every event, in order of subscription', () => {
  const heard: string[] = [];
  const bus = createBus(() => heard.push('fault'));
  bus.subscribe((event) => heard.push(`first ${event.type}`));
  bus.subscribe((event) => heard.push(`second ${event.type}`));
  bus.emit(EVENT);
  bus.emit(EVENT);
  expect(heard).toEqual(['first token_failed', 'second token_failed', 'first token_failed', 'second token_failed']);
});

test('a listener that throws harms neither the emitter nor the other listeners, and is reported each time', () => {
  const faults: unknown[] = [];
  const heard: Event[] = [];
  const fault = new Error('listener');
  const bus = createBus((one) => faults.push(one));
  bus.subscribe(() => {
    throw fault;
  });
  bus.subscribe((event) => heard.push(event));
  expect(() => bus.emit(EVENT)).not.toThrow();
  bus.emit(EVENT);
  expect(heard).toEqual([EVENT, EVENT]);
  expect(faults).toEqual([fault, fault]);
});

test('nobody needs to listen', () => {
  expect(() => createBus(() => {}).emit(EVENT)).not.toThrow();
});
