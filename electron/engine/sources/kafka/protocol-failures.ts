import type { ErrorCode } from '../../../../shared/errors.ts'
import type { Explanation } from './tls-failures.ts'

/** Errors of the Kafka protocol that no waiting cures, by KafkaJS's names. */
export const finalTypes: ReadonlySet<string> = new Set([
  'TOPIC_AUTHORIZATION_FAILED',
  'GROUP_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'UNKNOWN_TOPIC_OR_PARTITION',
  'INVALID_TOPIC_EXCEPTION',
  'OFFSET_OUT_OF_RANGE',
  'SASL_AUTHENTICATION_FAILED',
  'UNSUPPORTED_SASL_MECHANISM',
  'ILLEGAL_SASL_STATE',
  'UNSUPPORTED_VERSION',
  'UNSUPPORTED_COMPRESSION_TYPE',
  'UNSUPPORTED_FOR_MESSAGE_FORMAT',
])

/** Explains an error of the Kafka protocol (its "Error codes" section) by KafkaJS's name of it. */
export function explainProtocol(type: string, message: string, topic: string | undefined): Explanation & { code: ErrorCode } {
  const named = topic === undefined ? 'the topic' : `the topic ${topic}`
  switch (type) {
    case 'TOPIC_AUTHORIZATION_FAILED':
      return { code: 'CONNECT_AUTHORIZATION', message: `This user may not read ${named}.`, hint: 'Ask for the rights DESCRIBE and READ on the topic. No consumer group is used, so no right on one is needed.' }
    case 'GROUP_AUTHORIZATION_FAILED':
      return { code: 'CONNECT_AUTHORIZATION', message: 'This user may not use the consumer group.', hint: 'Ask for the right READ on the group.' }
    case 'CLUSTER_AUTHORIZATION_FAILED':
      return { code: 'CONNECT_AUTHORIZATION', message: 'This user lacks a right on the cluster.', hint: 'Ask for the right DESCRIBE on the cluster.' }
    case 'UNKNOWN_TOPIC_OR_PARTITION':
      return { code: 'CONNECT_TOPIC', message: `${capital(named)} does not exist on this cluster.`, hint: 'Check the spelling, capitals included, and that this is the right cluster.' }
    case 'INVALID_TOPIC_EXCEPTION':
      return { code: 'CONNECT_TOPIC', message: `${capital(named)} cannot exist: its name is not allowed.`, hint: 'A topic\'s name has letters, digits, ".", "_" and "-", 249 at most.' }
    case 'OFFSET_OUT_OF_RANGE':
      return { code: 'OFFSET_GONE', message: `The offset asked for is not in ${named} any more.`, hint: 'Begin at the earliest offset that is left.' }
    case 'LEADER_NOT_AVAILABLE':
    case 'NOT_LEADER_FOR_PARTITION':
      return { code: 'CONNECT_TOPIC', message: `A partition of ${named} has no leader at the moment.`, hint: 'It passes when the cluster has chosen one; if not, a broker with its replicas is down.' }
    case 'UNSUPPORTED_SASL_MECHANISM':
      return { code: 'CONNECT_SASL', message: 'The broker does not take this login mechanism.', hint: 'Choose another mechanism: the diagnosis lists those that it takes.' }
    case 'SASL_AUTHENTICATION_FAILED':
      return { code: 'CONNECT_SASL', message: `The broker refuses the login: ${message}.`, hint: 'Check the user, the password and the mechanism.' }
    case 'ILLEGAL_SASL_STATE':
      return { code: 'CONNECT_SASL', message: 'The broker did not expect a login here, or expected another step of it.', hint: 'The listener may take no login: turn SASL off, or use the port of the SASL listener.' }
    case 'REQUEST_TIMED_OUT':
    case 'NETWORK_EXCEPTION':
      return { code: 'CONNECT_TCP', message: 'The broker did not get the answer together in time.', hint: 'Try again; the cluster may be under load or short of a broker.' }
    default:
      return { code: 'CONNECT_PROTOCOL', message: `The broker refuses with ${type}: ${message}.`, hint: 'Look the name up in the list of error codes of the Kafka protocol, or in the broker\'s log.' }
  }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
