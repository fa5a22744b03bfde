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

namespace ltiservice_completion;

use ltiservice_completion\local\resources\completion as completion_resource;
use ltiservice_completion\local\service\completion as completion_service;
use mod_lti\local\ltiservice\response;

/**
 * What a tool may report, and what becomes of it.
 *
 * @package    ltiservice_completion
 * @copyright  2026 The Proeftuin contributors
 * @license    http://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers     \ltiservice_completion\local\resources\completion
 * @covers     \ltiservice_completion\local\service\completion
 * @covers     \ltiservice_completion\local\link
 */
final class completion_test extends \advanced_testcase {
    /** @var \stdClass a course that tracks completion. */
    private $course;

    /** @var int a tool that asks for the service. */
    private $tool;

    /** @var \stdClass somebody who takes part in the course. */
    private $learner;

    #[\Override]
    protected function setUp(): void {
        global $CFG;
        parent::setUp();
        $this->resetAfterTest();
        $this->setAdminUser();
        require_once($CFG->dirroot . '/mod/lti/locallib.php');
        require_once($CFG->libdir . '/completionlib.php');
        $this->course = $this->getDataGenerator()->create_course(['enablecompletion' => 1]);
        $this->learner = $this->getDataGenerator()->create_and_enrol($this->course);
        $this->tool = $this->create_tool('tool.example', 'completion_url=$ResourceLink.completion.url');
    }

    #[\Override]
    protected function tearDown(): void {
        unset($_SERVER['HTTP_Authorization'], $_SERVER['PATH_INFO'], $_SERVER['REQUEST_METHOD']);
        parent::tearDown();
    }

    /**
     * A report ticks the activity, once, and writes no grade.
     */
    public function test_report_ticks_once(): void {
        $lti = $this->create_activity();
        $events = $this->redirectEvents();
        foreach ([1, 2] as $time) {
            [$code, $answer] = $this->report($lti->id, $this->learner->id);
            $this->assertSame(200, $code);
            $this->assertSame(['tracking' => 'automatic', 'completed' => true], $answer);
        }
        $this->assertCount(1, array_filter($events->get_events(), function ($event) {
            return $event instanceof \core\event\course_module_completion_updated;
        }));
        $this->assertSame(COMPLETION_COMPLETE, $this->state($lti, $this->learner->id));
        $this->assertFalse(\grade_item::fetch(['itemmodule' => 'lti', 'iteminstance' => $lti->id]));
    }

    /**
     * The moment of completing is the tool's, but never in the future.
     */
    public function test_moment_of_completing(): void {
        global $DB;
        $past = $this->create_activity();
        $this->report($past->id, $this->learner->id, ['timestamp' => '2020-01-02T03:04:05+01:00']);
        $future = $this->create_activity();
        $this->report($future->id, $this->learner->id, ['timestamp' => '2999-01-01T00:00:00Z']);
        $when = $DB->get_records_menu('course_modules_completion', [], '', 'coursemoduleid, timemodified');
        $this->assertEquals(strtotime('2020-01-02T02:04:05Z'), $when[$past->cmid]);
        $this->assertLessThanOrEqual(time(), $when[$future->cmid]);
    }

    /**
     * What recalculating does to grades and views cannot take the tick away.
     */
    public function test_tick_holds(): void {
        $lti = $this->create_activity();
        $this->report($lti->id, $this->learner->id);
        $completion = new \completion_info($this->course);
        $completion->update_state($this->cm($lti), COMPLETION_UNKNOWN, $this->learner->id);
        $this->assertSame(COMPLETION_COMPLETE, $this->state($lti, $this->learner->id));
    }

    /**
     * Nothing but the tool ticks an activity that this plugin set up.
     */
    public function test_only_the_tool_ticks(): void {
        $lti = $this->create_activity();
        $completion = new \completion_info($this->course);
        $this->setUser($this->learner);
        $completion->set_module_viewed($this->cm($lti), $this->learner->id);
        $completion->update_state($this->cm($lti), COMPLETION_COMPLETE, $this->learner->id);
        $completion->reset_all_state($this->cm($lti));
        $this->assertSame(COMPLETION_INCOMPLETE, $this->state($lti, $this->learner->id));
    }

    /**
     * A course that requires the activity is completed with it.
     */
    public function test_course_completes(): void {
        global $CFG;
        require_once($CFG->dirroot . '/completion/criteria/completion_criteria_activity.php');
        $lti = $this->create_activity();
        $criterion = new \completion_criteria_activity();
        $data = (object) ['id' => $this->course->id, 'criteria_activity' => [$lti->cmid => 1]];
        $criterion->update_config($data);
        $this->report($lti->id, $this->learner->id);
        $done = \completion_completion::fetch(['course' => $this->course->id, 'userid' => $this->learner->id]);
        $this->assertNotEmpty($done->timecompleted);
    }

    /**
     * Manual completion, and none.
     */
    public function test_other_tracking(): void {
        $manual = $this->create_activity(['completion' => COMPLETION_TRACKING_MANUAL]);
        $this->assertSame([200, ['tracking' => 'manual']], $this->ask($manual->id));
        $this->assertSame(
            [200, ['tracking' => 'manual', 'completed' => true]],
            $this->report($manual->id, $this->learner->id)
        );
        set_config('enablecompletion', 0);
        $this->assertSame([200, ['tracking' => 'none']], $this->ask($manual->id));
        $this->assertSame(
            [200, ['tracking' => 'none', 'completed' => false]],
            $this->report($manual->id, $this->getDataGenerator()->create_and_enrol($this->course)->id)
        );
    }

    /**
     * Asking changes nothing and names nobody.
     */
    public function test_asking(): void {
        $lti = $this->create_activity();
        $this->assertSame([200, ['tracking' => 'automatic']], $this->ask($lti->id));
        $this->assertSame(COMPLETION_INCOMPLETE, $this->state($lti, $this->learner->id));
    }

    /**
     * Only a token with the scope opens the door, and only to the tool's own activities.
     */
    public function test_tokens(): void {
        $lti = $this->create_activity();
        $other = $this->create_tool('other.example', '');
        $this->assertSame(403, $this->report($lti->id, $this->learner->id, [], $this->token($other))[0]);
        $this->assertSame(403, $this->ask($lti->id, $this->token($other))[0]);
        $this->assertSame(401, $this->ask($lti->id, $this->token($this->tool, 'another:scope'))[0]);
        $this->assertSame(401, $this->ask($lti->id, 'nonsense')[0]);
        lti_update_config((object) ['typeid' => $this->tool, 'name' => 'ltiservice_completion', 'value' => 0]);
        $this->assertSame(401, $this->ask($lti->id)[0]);
        $this->assertSame(COMPLETION_INCOMPLETE, $this->state($lti, $this->learner->id));
    }

    /**
     * An activity that names no tool belongs to the tool that its address matches.
     */
    public function test_tool_matched_by_url(): void {
        $lti = $this->create_activity(['typeid' => 0, 'toolurl' => 'https://tool.example/launch?item=1']);
        $this->assertSame(200, $this->report($lti->id, $this->learner->id)[0]);
        $stray = $this->create_activity(['typeid' => 0, 'toolurl' => 'https://elsewhere.example/launch']);
        $this->assertSame(403, $this->report($stray->id, $this->learner->id)[0]);
    }

    /**
     * Persons whose completion does not count are refused, and nothing is written.
     */
    public function test_persons(): void {
        global $CFG, $DB;
        $generator = $this->getDataGenerator();
        $lti = $this->create_activity();
        $stranger = $generator->create_user();
        $suspended = $generator->create_and_enrol($this->course);
        $generator->enrol_user($suspended->id, $this->course->id, 'student', 'manual', 0, 0, ENROL_USER_SUSPENDED);
        $blocked = $generator->create_and_enrol($this->course);
        $DB->set_field('user', 'suspended', 1, ['id' => $blocked->id]);
        $refused = [$stranger->id, $suspended->id, $blocked->id, $CFG->siteguest, get_admin()->id, 987654, 'x', '1e3'];
        foreach ($refused as $sub) {
            $this->assertSame(403, $this->report($lti->id, $sub)[0], $sub);
        }
        $hidden = $this->create_activity(['visible' => 0]);
        $this->assertSame(403, $this->report($hidden->id, $this->learner->id)[0]);
        $this->assertSame(0, $DB->count_records('course_modules_completion'));
    }

    /**
     * A link that is gone, or about to go, is gone.
     */
    public function test_gone(): void {
        global $DB;
        $lti = $this->create_activity();
        foreach (['987654', 'x', '-1'] as $id) {
            $this->assertSame(404, $this->report($id, $this->learner->id)[0]);
        }
        $DB->set_field('course_modules', 'deletioninprogress', 1, ['id' => $lti->cmid]);
        rebuild_course_cache($this->course->id, true);
        $this->assertSame(404, $this->report($lti->id, $this->learner->id)[0]);
    }

    /**
     * Bodies that are not exactly what the specification says.
     *
     * @return array[]
     */
    public static function bad_bodies(): array {
        return [
            'a score' => [['score' => 1]],
            'a number for a person' => [['userId' => 4]],
            'no person' => [['userId' => '']],
            'another progress' => [['activityProgress' => 'Started']],
            'no moment' => [['timestamp' => null]],
            'a moment without a zone' => [['timestamp' => '2026-01-01T10:00:00']],
            'an impossible moment' => [['timestamp' => '2026-13-01T10:00:00Z']],
        ];
    }

    /**
     * Such a body is refused, and nothing is written.
     *
     * @dataProvider bad_bodies
     * @param array $change what is wrong with the body.
     */
    public function test_bad_bodies(array $change): void {
        $lti = $this->create_activity();
        [$code, $answer] = $this->report($lti->id, $this->learner->id, $change);
        $this->assertSame(400, $code);
        $this->assertNotEmpty($answer['reason']);
        $this->assertSame(COMPLETION_INCOMPLETE, $this->state($lti, $this->learner->id));
    }

    /**
     * A new activity of a tool that asks gets a completion, unless somebody chose.
     */
    public function test_new_activities(): void {
        global $DB;
        $this->assertSame(['2', '0', '0'], $this->settings($this->create_activity()));
        $this->assertSame(['1', '0', null], $this->settings($this->create_activity(['completion' => 1])));
        $formsaidnone = [completion_service::OFFERED => 1];
        $this->assertSame(['0', '0', null], $this->settings($this->create_activity($formsaidnone)));
        $graded = ['instructorchoiceacceptgrades' => 1];
        $this->assertSame(['0', '0', null], $this->settings($this->create_activity($graded)));
        $silent = $this->create_tool('silent.example', '');
        $this->assertSame(['0', '0', null], $this->settings($this->create_activity(['typeid' => $silent])));
        $DB->insert_record('course_completion_defaults', (object) [
            'course' => $this->course->id,
            'module' => $DB->get_field('modules', 'id', ['name' => 'lti']),
            'completion' => 0,
        ]);
        $this->assertSame(['0', '0', null], $this->settings($this->create_activity()));
    }

    /**
     * A tool that declared nothing is known by the token that it asked for, and by its first use.
     */
    public function test_tools_that_declared_nothing(): void {
        global $DB;
        $silent = $this->create_tool('silent.example', '');
        $this->token($silent, 'another:scope');
        $before = $this->create_activity(['typeid' => $silent]);
        $this->assertSame(['0', '0', null], $this->settings($before));
        $token = $this->token($silent);
        $this->assertSame(['2', '0', '0'], $this->settings($this->create_activity(['typeid' => $silent])));
        $this->assertSame([200, ['tracking' => 'none']], $this->ask($before->id, $token));
        $DB->delete_records('lti_access_tokens');
        $this->assertSame(['2', '0', '0'], $this->settings($this->create_activity(['typeid' => $silent])));
    }

    /**
     * What a launch carries, and what a token may hold.
     */
    public function test_what_is_offered(): void {
        global $CFG;
        $service = new completion_service();
        $lti = $this->create_activity();
        $carried = $service->get_launch_parameters('', $this->course->id, $this->learner->id, $this->tool, $lti->id);
        $this->assertSame(
            ['completion_url' => $CFG->wwwroot . '/mod/lti/services.php/completion/' . $lti->id],
            $carried
        );
        $this->assertSame([], $service->get_launch_parameters('', $this->course->id, $this->learner->id, $this->tool));
        $old = $this->create_tool('old.example', '', LTI_VERSION_1);
        $this->assertSame([], $service->get_launch_parameters('', $this->course->id, 0, $old, $lti->id));
        $permitted = function (int $typeid): array {
            return lti_get_permitted_service_scopes(lti_get_type($typeid), lti_get_type_config($typeid));
        };
        $this->assertContains(completion_service::SCOPE, $permitted($this->tool));
        $this->assertNotContains(completion_service::SCOPE, $permitted($old));
        lti_update_config((object) ['typeid' => $this->tool, 'name' => 'ltiservice_completion', 'value' => 0]);
        $this->assertNotContains(completion_service::SCOPE, $permitted($this->tool));
        $this->assertSame([], $service->get_launch_parameters('', $this->course->id, 0, $this->tool, $lti->id));
    }

    /**
     * Register a tool.
     *
     * @param string $domain where it lives.
     * @param string $parameters its custom parameters.
     * @param string $version of LTI.
     * @return int
     */
    private function create_tool(string $domain, string $parameters, string $version = LTI_VERSION_1P3): int {
        $type = (object) ['state' => LTI_TOOL_STATE_CONFIGURED];
        return lti_add_type($type, (object) [
            'lti_typename' => $domain,
            'lti_toolurl' => "https://$domain/launch",
            'lti_tooldomain' => $domain,
            'lti_ltiversion' => $version,
            'lti_clientid' => $domain,
            'lti_customparameters' => $parameters,
            'lti_coursevisible' => LTI_COURSEVISIBLE_ACTIVITYCHOOSER,
        ]);
    }

    /**
     * Add an activity to the course as the course's own form does.
     *
     * @param array $fields of the form.
     * @return \stdClass the activity, with its course module's id as cmid.
     */
    private function create_activity(array $fields = []): \stdClass {
        return $this->getDataGenerator()->create_module('lti', $fields + [
            'course' => $this->course->id,
            'typeid' => $this->tool,
            'toolurl' => '',
            'instructorchoiceacceptgrades' => 0,
        ]);
    }

    /**
     * The course module of an activity.
     *
     * @param \stdClass $lti the activity.
     * @return \cm_info
     */
    private function cm(\stdClass $lti): \cm_info {
        return get_fast_modinfo($this->course)->get_cm($lti->cmid);
    }

    /**
     * How an activity is set to complete.
     *
     * @param \stdClass $lti the activity.
     * @return array completion, completionview and completiongradeitemnumber.
     */
    private function settings(\stdClass $lti): array {
        global $DB;
        $fields = 'completion, completionview, completiongradeitemnumber';
        return array_map(
            function ($value) {
                return is_null($value) ? null : (string) $value;
            },
            array_values((array) $DB->get_record('course_modules', ['id' => $lti->cmid], $fields))
        );
    }

    /**
     * How an activity is completed.
     *
     * @param \stdClass $lti the activity.
     * @param int $userid the person.
     * @return int
     */
    private function state(\stdClass $lti, int $userid): int {
        $completion = new \completion_info($this->course);
        return (int) $completion->get_data($this->cm($lti), false, $userid)->completionstate;
    }

    /**
     * An access token.
     *
     * @param int $typeid the tool.
     * @param string $scope of the token.
     * @return string
     */
    private function token(int $typeid, string $scope = completion_service::SCOPE): string {
        return lti_new_access_token($typeid, [$scope])->token;
    }

    /**
     * Report a completion.
     *
     * @param string|int $id of the activity.
     * @param string|int $sub the person.
     * @param array $change what is different in the body.
     * @param string|null $token another token.
     * @return array the status and the answer.
     */
    private function report($id, $sub, array $change = [], ?string $token = null): array {
        $body = $change + ['userId' => (string) $sub, 'activityProgress' => 'Completed', 'timestamp' => '2026-01-01T10:00:00Z'];
        return $this->request('POST', $id, json_encode($body), $token);
    }

    /**
     * Ask how an activity completes.
     *
     * @param string|int $id of the activity.
     * @param string|null $token another token.
     * @return array the status and the answer.
     */
    private function ask($id, ?string $token = null): array {
        return $this->request('GET', $id, '', $token);
    }

    /**
     * Make a request.
     *
     * @param string $method of HTTP.
     * @param string|int $id of the activity.
     * @param string $body of the request.
     * @param string|null $token another token.
     * @return array the status and the answer.
     */
    private function request(string $method, $id, string $body, ?string $token): array {
        $_SERVER['REQUEST_METHOD'] = $method;
        $_SERVER['PATH_INFO'] = '/completion/' . $id;
        $_SERVER['HTTP_Authorization'] = 'Bearer ' . ($token ?? $this->token($this->tool));
        $response = new response();
        $response->set_request_data($body);
        (new completion_resource(new completion_service()))->execute($response);
        return [$response->get_code(), json_decode($response->get_body(), true)];
    }
}
