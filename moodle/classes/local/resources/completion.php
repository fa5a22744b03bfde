<?php
// This file is part of Moodle - http://moodle.org/
//
// Moodle is free software: you can redistribute it and/or modify
// it under the terms of the GNU General Public License as published by
// the Free Software Foundation, either version 3 of the License, or
// (at your option) any later version.
//
// Moodle is distributed in the hope that it will be useful,
// but WITHOUT ANY WARRANTY; without even the implied warranty of
// MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE.  See the
// GNU General Public License for more details.
//
// You should have received a copy of the GNU General Public License
// along with Moodle.  If not, see <http://www.gnu.org/licenses/>.

namespace ltiservice_completion\local\resources;

use ltiservice_completion\local\link;
use ltiservice_completion\local\refusal;
use ltiservice_completion\local\service\completion as completion_service;
use mod_lti\local\ltiservice\resource_base;

/**
 * The address of one activity's completions: GET tells how it completes, POST completes it.
 *
 * docs/completion-service.md of the project describes it for other platforms and tools.
 *
 * @package    ltiservice_completion
 * @copyright  2026 The Proeftuin contributors
 * @license    http://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class completion extends resource_base {
    /**
     * Class constructor.
     *
     * @param completion_service $service the service.
     */
    public function __construct($service) {
        parent::__construct($service);
        $this->id = 'Completion';
        $this->template = '/completion/{link_id}';
        $this->formats[] = 'application/json';
        $this->methods = [self::HTTP_GET, self::HTTP_POST];
    }

    /**
     * Answer a request.
     *
     * @param \mod_lti\local\ltiservice\response $response to fill in.
     */
    public function execute($response) {
        $response->set_content_type('application/json');
        try {
            $answer = $this->answer($response->get_request_method() === self::HTTP_POST, $response->get_request_data());
            $response->set_code(200);
        } catch (refusal $refusal) {
            $answer = ['status' => $refusal->getCode(), 'reason' => $refusal->getMessage()];
            $response->set_code($refusal->getCode());
        }
        $response->set_body(json_encode($answer, JSON_UNESCAPED_SLASHES));
    }

    /**
     * Carry out a request.
     *
     * @param bool $report whether it is a POST.
     * @param string $body what was posted.
     * @return array the answer.
     * @throws refusal nothing was changed.
     */
    private function answer(bool $report, string $body): array {
        $service = $this->get_service();
        if (!$this->check_tool(null, $body, [completion_service::SCOPE]) || empty($service->get_type()->id)) {
            throw new refusal(401, 'This needs a valid access token with the scope ' . completion_service::SCOPE . '.');
        }
        $link = link::find($this->parse_template()['link_id'], (int) $service->get_type()->id);
        $service->remember_use();
        if (!$report) {
            return ['tracking' => $link->tracking()];
        }
        [$sub, $when] = self::read($body);
        $completed = $link->complete($sub, $when);
        return ['tracking' => $link->tracking(), 'completed' => $completed];
    }

    /**
     * Read what was posted.
     *
     * @param string $body what was posted.
     * @return array the person as launches name them, and the moment of completing.
     * @throws refusal 400: it is not exactly what the specification says.
     */
    private static function read(string $body): array {
        $report = json_decode($body, true);
        if (!is_array($report)) {
            throw new refusal(400, 'The body must be a JSON object.');
        }
        $names = array_keys($report);
        sort($names);
        if ($names !== ['activityProgress', 'timestamp', 'userId']) {
            throw new refusal(400, 'The body must have exactly userId, activityProgress and timestamp.');
        }
        if (!is_string($report['userId']) || $report['userId'] === '') {
            throw new refusal(400, 'userId must be the sub of a launch, as a string.');
        }
        if ($report['activityProgress'] !== 'Completed') {
            throw new refusal(400, 'activityProgress must be Completed: there is nothing else to report.');
        }
        $format = '/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/D';
        $when = is_string($report['timestamp']) && preg_match($format, $report['timestamp'])
            ? strtotime($report['timestamp']) : false;
        if ($when === false) {
            throw new refusal(400, 'timestamp must be a date and time in ISO 8601 with a time zone.');
        }
        return [$report['userId'], $when];
    }
}
