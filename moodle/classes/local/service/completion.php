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

namespace ltiservice_completion\local\service;

use ltiservice_completion\local\link;
use ltiservice_completion\local\resources\completion as completion_resource;
use mod_lti\local\ltiservice\service_base;

/**
 * The LTI service by which a tool reports a completion, without a score.
 *
 * mod_lti finds this class by its name, and asks it what the token endpoint may grant, what a
 * launch carries, what the tool's settings offer, and what to do when an activity is made.
 *
 * @package    ltiservice_completion
 * @copyright  2026 The Proeftuin contributors
 * @license    http://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class completion extends service_base {
    /** @var string the scope of an access token that may report. */
    public const SCOPE = 'urn:uuid:0b6a3c52-8f5e-4f0b-9d7e-5c1f2a7d4e90';

    /** @var string the custom parameter that a tool declares, and that a launch carries. */
    public const PARAMETER = 'completion_url';

    /** @var string the setting that remembers that a tool has used the service. */
    public const USED = 'ltiservice_completion_used';

    /** @var string a hidden field of a form in which our completion could be chosen. */
    public const OFFERED = 'ltiservice_completion_offered';

    /**
     * Class constructor.
     */
    public function __construct() {
        parent::__construct();
        $this->id = 'completion';
        $this->name = get_string('pluginname', $this->get_component_id());
    }

    /**
     * The resources of this service: one.
     *
     * @return completion_resource[]
     */
    public function get_resources() {
        $this->resources ??= [new completion_resource($this)];
        return $this->resources;
    }

    /**
     * The scopes that the token endpoint may grant to the tool at hand.
     *
     * @return string[]
     */
    public function get_permitted_scopes() {
        return self::offered_to($this->get_type(), $this->get_typeconfig()) ? [self::SCOPE] : [];
    }

    /**
     * The scopes that the platform publishes.
     *
     * @return string[]
     */
    public function get_scopes() {
        return [self::SCOPE];
    }

    /**
     * Add the switch to the settings of a tool.
     *
     * @param \MoodleQuickForm $mform the form.
     */
    public function get_configuration_options(&$mform) {
        $name = $this->get_component_id();
        $mform->addElement('select', $name, get_string('service', $name), [
            1 => get_string('use', $name),
            0 => get_string('donotuse', $name),
        ]);
        $mform->setType($name, PARAM_INT);
        $mform->setDefault($name, 1);
        $mform->addHelpButton($name, 'service', $name);
    }

    /**
     * What a launch carries: the address to report to.
     *
     * @param string $messagetype ignored: the caller passes the same one for every launch.
     * @param string $courseid the course.
     * @param string $userid the person.
     * @param string $typeid the tool.
     * @param string|null $modlti the activity; null when a teacher is still choosing content.
     * @return array custom parameters.
     */
    public function get_launch_parameters($messagetype, $courseid, $userid, $typeid, $modlti = null) {
        if (empty($modlti) || !self::offered_to(lti_get_type($typeid), lti_get_type_config($typeid))) {
            return [];
        }
        return [self::PARAMETER => self::get_service_path() . '/completion/' . $modlti];
    }

    /**
     * Give a new activity of such a tool a completion that only the tool can tick.
     *
     * @param object $lti the new activity, with the fields of the form that made it.
     */
    public function instance_added(object $lti): void {
        if (!empty($lti->completion) || !empty($lti->{self::OFFERED}) || link::has_grade($lti)) {
            return; // Somebody chose: a completion, a grade, or, in a form that offered ours, none.
        }
        $type = link::type_of($lti);
        if ($type && self::sets_up($type->id) && !self::has_default_completion($lti->course)) {
            link::set_up_completion($lti->coursemodule);
        }
    }

    /**
     * Propose that completion in the form of a new activity, and keep it in the form of an old one.
     *
     * @param object $defaultvalues what the form will show.
     */
    public function set_instance_form_values(object $defaultvalues): void {
        $type = self::type_in_form($defaultvalues);
        if (!$type) {
            return;
        }
        if (empty($defaultvalues->instance)) {
            if (empty($defaultvalues->completion) && !self::has_default_completion($defaultvalues->course)) {
                $defaultvalues->completion = COMPLETION_TRACKING_AUTOMATIC;
                $defaultvalues->completionusegrade = 1;
            }
        } else {
            // As in the form of a new activity. Without this the form hides the condition, and
            // then misses it. mod_lti saves no maximum grade where grades are not accepted.
            $defaultvalues->grade = 100;
        }
    }

    /**
     * The tool of the activity in a form, if this plugin sets up the completion of the activity.
     *
     * @param object $current what the form shows.
     * @return object|null
     */
    public static function type_in_form(object $current): ?object {
        global $DB;
        if (empty($current->instance)) {
            $type = lti_get_type(optional_param('typeid', 0, PARAM_INT));
        } else {
            $lti = $DB->get_record('lti', ['id' => $current->instance], '*', MUST_EXIST);
            $type = link::has_grade($lti) ? null : link::type_of($lti);
        }
        return $type && self::sets_up($type->id) ? $type : null;
    }

    /**
     * Remember that a tool uses the service.
     */
    public function remember_use(): void {
        if (empty($this->get_typeconfig()[self::USED])) {
            lti_update_config((object) ['typeid' => $this->get_type()->id, 'name' => self::USED, 'value' => 1]);
        }
    }

    /**
     * Whether a tool asks for the service, and may use it.
     *
     * Moodle does not keep which scopes a tool asked for when it registered. But it keeps the
     * tool's custom parameters, whether or not this plugin was there, and the access tokens that
     * the tool asked for; and this plugin remembers the first use.
     *
     * @param int $typeid the tool.
     * @return bool
     */
    public static function asked_for_by(int $typeid): bool {
        global $DB;
        $config = lti_get_type_config($typeid);
        if (!self::offered_to(lti_get_type($typeid), $config)) {
            return false;
        }
        $declared = '/^\s*' . self::PARAMETER . '\s*=/m';
        if (!empty($config[self::USED]) || preg_match($declared, $config['customparameters'] ?? '')) {
            return true;
        }
        $hasscope = 'typeid = :typeid AND ' . $DB->sql_like('scope', ':scope');
        return $DB->record_exists_select('lti_access_tokens', $hasscope, [
            'typeid' => $typeid,
            'scope' => '%"' . self::SCOPE . '"%',
        ]);
    }

    /**
     * Whether this plugin sets up the completion of a tool's activities: not when each has a grade
     * in Moodle to complete by.
     *
     * @param int $typeid the tool.
     * @return bool
     */
    public static function sets_up(int $typeid): bool {
        return self::asked_for_by($typeid)
            && (int) (lti_get_type_config($typeid)['acceptgrades'] ?? 0) !== LTI_SETTING_ALWAYS;
    }

    /**
     * Whether a tool may use the service: unless an administrator said no, every LTI 1.3 tool
     * that asks. A tool that does not ask gets no token, and an address that it can do nothing with.
     *
     * @param object|false|null $type the tool.
     * @param array|null $config its settings.
     * @return bool
     */
    private static function offered_to($type, ?array $config): bool {
        return $type && $type->ltiversion === LTI_VERSION_1P3 && !empty($config['ltiservice_completion'] ?? 1);
    }

    /**
     * Whether a teacher or administrator has set how external tools complete by default.
     *
     * @param int $courseid the course.
     * @return bool
     */
    private static function has_default_completion(int $courseid): bool {
        global $DB;
        [$in, $params] = $DB->get_in_or_equal([$courseid, SITEID], SQL_PARAMS_NAMED);
        $params['name'] = 'lti';
        return $DB->record_exists_sql("SELECT 1
            FROM {course_completion_defaults} d
            JOIN {modules} m ON m.id = d.module
           WHERE m.name = :name AND d.course $in", $params);
    }
}
